"""Files in: read → recognise → clean → check → report. See `importing.import_file`."""
