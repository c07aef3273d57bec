"""What can be wrong with a file, in words a clerk understands: every complaint, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from data.wording import N_

Severity = Literal["refused", "rejected", "warning"]


@dataclass(frozen=True)
class Problem:
    """A complaint about input.

    "refused" keeps the whole file out, "rejected" keeps a row out, "warning" keeps everything in.
    `message` and `action` are templates; besides `{rows}` and `{column}` a complaint fills what it names.
    """

    code: str
    severity: Severity
    title: str
    message: str
    action: str


SHARED: Final = (
    # The whole file
    Problem(
        "file_unreadable", "refused", N_("File cannot be read"),
        N_("The file cannot be read as a table: {reason}"),
        N_("Open it in Excel or LibreOffice, save it as XLSX or CSV, and import that file."),
    ),
    Problem(
        "file_missing", "refused", N_("No such file"),
        N_("There is no such file, or it is a folder."),
        N_("Check the file's name and place."),
    ),
    Problem(
        "place_not_in_file", "refused", N_("File of another area"),
        N_("Most rows of the file name another area than {place}."),
        N_("Give the area that the file is about, or leave it out: the file says it itself."),
    ),
    Problem(
        "place_beyond_area", "refused", N_("Outside your area"),
        N_("The file speaks for {place}. That is not within the area for which you import."),
        N_("Give the area that the file is about, or hand the file to somebody whose area it is."),
    ),
    Problem(
        "file_empty", "refused", N_("File without data"),
        N_("The file has headings but no row of data."),
        N_("Check that the export has finished and import it again."),
    ),
    Problem(
        "register_not_recognised", "refused", N_("Register not recognised"),
        N_(
            "None of the first {searched} rows looks like the headings of a known register. Best row:"
            " {row}, with these known headings: {known}."
        ),
        N_("Check that the headings stand in one row and name at least NIK or Nama, and the kelurahan."),
    ),
    Problem(
        "register_ambiguous", "refused", N_("Which register is it?"),
        N_("The file can be {first} or {second}: they fit about equally well."),
        N_("Say which it is (on the command line: --registry with one of {keys})."),
    ),
    Problem(
        "columns_unsure", "refused", N_("What do these columns hold?"),
        N_("A column without which the register is not recognised has no known heading. Proposed: {proposed}."),
        N_(
            "Confirm or correct the columns (on the command line: --map \"HEADING=field\"). The answer is kept for the"
            " next file."
        ),
    ),
    Problem(
        "mapping_unknown_field", "refused", N_("Unknown field"),
        N_("The register has no field {fields}."),
        N_("Use the fields that docs/registers.md lists for the register."),
    ),
    Problem(
        "mapping_unknown_heading", "refused", N_("Unknown heading"),
        N_("No column of the file is headed {headings}."),
        N_("Write the heading as the file has it, or #3 for the third column."),
    ),
    Problem(
        "sheet_overlaps", "refused", N_("Two sheets of one register"),
        N_("The sheet {sheet} speaks of the same register, area and date as the sheet {other}; they would hide each"
           " other."),
        N_("Put both into one sheet, or import them as two files of different dates or areas."),
    ),
    Problem(
        "place_unknown", "refused", N_("Area not recognised"),
        N_("No row says in which kabupaten or kota it belongs."),
        N_("Give the area, for instance 74.71 for Kota Kendari (on the command line: --place 74.71)."),
    ),
    Problem(
        "place_not_a_code", "refused", N_("Unknown area code"),
        N_("{place} is not the code of an Indonesian area."),
        N_("Use a Kemendagri code such as 74, 74.71, 74.71.04 or 74.71.04.1021."),
    ),
    Problem(
        "register_unknown", "refused", N_("Unknown register"),
        N_("{register} is not a register that can be imported yet."),
        N_("Use one of: {known}."),
    ),
    Problem(
        "storage_failed", "refused", N_("Could not be stored"),
        N_("The data could not be written: {reason} The store is as it was before."),
        N_("Free some space on the disk or check the folder's permissions, then import the file again."),
    ),
    Problem(
        "boundary_refused", "refused", N_("Boundary file not usable"),
        N_("The boundary file cannot be used: {reason}"),
        N_("Use a GeoJSON, a zipped shapefile or a GeoPackage whose attributes hold village codes or names."),
    ),
    Problem(
        "boundary_unmatched", "warning", N_("Areas without a match"),
        N_("{rows} areas of the map could not be matched to a kelurahan or desa: {examples}"),
        N_("Add the Kemendagri codes to the file, or give the kabupaten or kota with --place."),
    ),
    Problem(
        "boundary_missing", "warning", N_("Kelurahan without a boundary"),
        N_("{rows} kelurahan or desa have no area in the file and stay empty on the map: {examples}"),
        N_("Import a complete boundary file when there is one."),
    ),
    Problem(
        "boundary_placeholders", "warning", N_("Areas that are no kelurahan"),
        N_("{rows} areas without a name or a shape (lakes, forests, placeholders) were left out."),
        N_("Nothing to do."),
    ),
    # Rows
    Problem(
        "no_name_no_identifier", "rejected", N_("Row without name and identifier"),
        N_("{rows} rows have neither a name nor a usable NIK, KK or register number. They were left out."),
        N_("Complete the rows in the source and export again."),
    ),
    Problem(
        "nik_destroyed", "warning", N_("NIK destroyed by a spreadsheet"),
        N_(
            "In {rows} rows the NIK was turned into a rounded number (like 7.47E+15); its last digits are"
            " gone. The rows stay, without NIK."
        ),
        N_("Export again with the column as text, and do not open the file in Excel before importing it."),
    ),
    Problem(
        "nik_malformed", "warning", N_("NIK is not 16 digits"),
        N_("In {rows} rows the NIK is not 16 digits. The rows stay, without NIK."),
        N_("Correct the NIK in the register after checking the identity card."),
    ),
    Problem(
        "nik_masked", "warning", N_("NIK is masked"),
        N_("In {rows} rows the NIK is masked with asterisks. The rows stay, without NIK."),
        N_("Ask for an export with full NIK where the work needs it."),
    ),
    Problem(
        "nik_missing", "warning", N_("NIK is missing"),
        N_("In {rows} rows there is no NIK."),
        N_("Complete the NIK in the register; the list names the rows."),
    ),
    Problem(
        "nik_duplicated", "warning", N_("NIK stands in several rows"),
        N_("{niks} NIK stand in more than one row, {rows} rows in all. Every row counts as a person."),
        N_("Check in the register which row is right, and remove the other."),
    ),
    Problem(
        "kk_destroyed", "warning", N_("KK number destroyed by a spreadsheet"),
        N_(
            "In {rows} rows the KK number was turned into a rounded number; its last digits are gone. The"
            " rows stay, without KK number."
        ),
        N_("Export again with the column as text, and do not open the file in Excel before importing it."),
    ),
    Problem(
        "kk_malformed", "warning", N_("KK number is not 16 digits"),
        N_("In {rows} rows the KK number is not 16 digits. The rows stay, without KK number."),
        N_("Correct the KK number in the register after checking the family card."),
    ),
    Problem(
        "kk_masked", "warning", N_("KK number is masked"),
        N_("In {rows} rows the KK number is masked with asterisks. The rows stay, without KK number."),
        N_("Ask for an export with full KK numbers where the work needs them."),
    ),
    Problem(
        "kk_missing", "warning", N_("KK number is missing"),
        N_(
            "In {rows} rows there is no KK number. The family number of the register serves instead, else"
            " the row stands alone."
        ),
        N_("Complete the KK number in the register."),
    ),
    Problem(
        "name_missing", "warning", N_("Name is missing"),
        N_("{rows} rows have an identifier but no name."),
        N_("Complete the name in the register."),
    ),
    Problem(
        "date_unreadable", "warning", N_("Date cannot be read"),
        N_("In {rows} rows the date in {column} cannot be read. The rows stay, without this date."),
        N_("Write dates as 31/01/2021 or 2021-01-31."),
    ),
    Problem(
        "date_impossible", "warning", N_("Impossible date"),
        N_(
            "In {rows} rows the date in {column} is before 1900 or after the date of the data. The rows"
            " stay, without this date."
        ),
        N_("Correct the date in the register."),
    ),
    Problem(
        "update_after_period", "warning", N_("Update after the date of the data"),
        N_(
            "In {rows} rows the update date is later than the date of the data ({period}). These rows do"
            " not count as updated."
        ),
        N_("Check the date of the data: it must be the day of the export."),
    ),
    Problem(
        "update_missing", "warning", N_("Without an update date"),
        N_("{rows} rows carry no readable update date. They are registered and not updated."),
        N_("Update the records in the register."),
    ),
    Problem(
        "word_unknown", "warning", N_("Unknown answer"),
        N_("In {rows} rows {column} holds an answer that is not known. The rows stay, this answer is left out."),
        N_("Use the answers of the register's own list."),
    ),
    Problem(
        "hidden_signs", "warning", N_("Signs that cannot be seen"),
        N_(
            "In {rows} rows {column} held signs that cannot be seen and can make one name look like another."
            " They were left out."
        ),
        N_("Nothing has to be done; where a name looks odd, compare it with the person's card."),
    ),
    Problem(
        "category_unknown", "warning", N_("Unknown category"),
        N_("In {rows} rows {column} holds a word that is not in the register's list. It is kept as it is written."),
        N_("Use the words of the register's own list; docs/registers.md names them."),
    ),
    Problem(
        "value_unreadable", "warning", N_("Value cannot be read"),
        N_("In {rows} rows the value in {column} cannot be read or cannot be true. The rows stay, without this value."),
        N_("Correct the value: a number, a decile 1 to 10, an age or an answer, as the column asks."),
    ),
    Problem(
        "unit_converted", "warning", N_("Other unit"),
        N_("In {rows} rows {column} was written in another unit (grams, metres) and was converted."),
        N_("Write weights in kilograms and heights in centimetres."),
    ),
    Problem(
        "notation_mixed", "warning", N_("Two ways to write numbers"),
        N_("{column} writes numbers in two ways; {rows} unclear ones were read as {notation}."),
        N_("Check the column and write all numbers in one way."),
    ),
    Problem(
        "haz_filled", "warning", N_("Z-score computed"),
        N_("In {rows} rows the file says nothing of height for age; the z-score was computed (WHO 2006)."),
        N_("Nothing needs to be done; the computed value is marked as such."),
    ),
    Problem(
        "nik_area_unknown", "warning", N_("NIK of no known area"),
        N_("In {rows} rows the first digits of the NIK are no area that can have issued it."),
        N_("Check the NIK against the identity card or family card."),
    ),
    Problem(
        "nik_date_impossible", "warning", N_("NIK with an impossible date"),
        N_("In {rows} rows the date inside the NIK is no day of any year."),
        N_("Check the NIK against the identity card or family card."),
    ),
    Problem(
        "nik_birth_differs", "warning", N_("NIK disagrees with the birth date"),
        N_("In {rows} rows the date inside the NIK is not the birth date of the row."),
        N_("Check NIK and birth date against the identity card or family card."),
    ),
    Problem(
        "nik_sex_differs", "warning", N_("NIK disagrees with the sex"),
        N_("In {rows} rows the NIK was issued for the other sex than the row says."),
        N_("Check NIK and sex against the identity card or family card."),
    ),
    Problem(
        "kelurahan_unknown", "warning", N_("Kelurahan not recognised"),
        N_(
            "In {rows} rows the kelurahan could not be recognised. They count for the kecamatan or the"
            " city, and for no kelurahan."
        ),
        N_("Correct the spelling of kelurahan and kecamatan; the list shows what was written and what may be meant."),
    ),
    Problem(
        "outside_place", "warning", N_("Row of another area"),
        N_("{rows} rows name an area outside {place}. They count for {place} as a whole, and for no kelurahan."),
        N_("Check the area in these rows, or import the file for a larger area."),
    ),
    Problem(
        "row_repeated", "warning", N_("Row repeats another one"),
        N_("{rows} rows repeat an earlier row completely. They are kept and not counted."),
        N_("Remove the repeated rows in the source."),
    ),
    # What was understood on the way
    Problem(
        "rows_left_out", "warning", N_("Totals and repeated headings"),
        N_("{rows} rows hold totals, repeated headings or column numbers. They are no persons and were left out."),
        N_("Nothing to do."),
    ),
    Problem(
        "kelurahan_corrected", "warning", N_("Kelurahan spelt differently"),
        N_("In {rows} rows the name of an area is spelt differently; the rows were placed all the same: {examples}"),
        N_("Look through the list once; give the right area with the row where a guess is wrong."),
    ),
    Problem(
        "columns_kept", "warning", N_("Unknown columns"),
        N_("{count} columns are not known and were kept as they are: {columns}"),
        N_("Nothing to do; the columns are part of every complete export."),
    ),
    Problem(
        "heading_unsure", "warning", N_("Heading understood by similarity"),
        N_("The heading {column} was understood as {field} ({confidence})."),
        N_("Check this column in the report; rename the heading where it is wrong."),
    ),
    Problem(
        "date_order_assumed", "warning", N_("Order of day and month assumed"),
        N_("Nothing in {column} shows whether day or month comes first; day/month was assumed."),
        N_("Check a date; write dates as 2021-01-31 to be safe."),
    ),
    Problem(
        "date_order_mixed", "warning", N_("Dates in two orders"),
        N_(
            "{column} has dates with the day first and dates with the month first; dates that can be read"
            " both ways were read as {order}."
        ),
        N_("Export again with one date format."),
    ),
    Problem(
        "period_assumed", "warning", N_("Date of the data assumed"),
        N_("Neither you nor the file says of which day the data are; {period} was assumed ({evidence})."),
        N_(
            "Remove this snapshot and import the file again with the right date (on the command line:"
            " --period 2021-01-31)."
        ),
    ),
    Problem(
        "encoding_damaged", "warning", N_("Unreadable characters"),
        N_("The file is not in UTF-8; it was read as {encoding}."),
        N_("Look at names with special characters once."),
    ),
    Problem(
        "sheets_ignored", "warning", N_("Further sheets"),
        N_("The sheet {sheet} was read; these were not: {others}"),
        N_("Save further registers as files of their own."),
    ),
    Problem(
        "same_file_other_period", "warning", N_("Same file, another date"),
        N_("This very file is already stored with the date {period}."),
        N_("Remove one of the two snapshots."),
    ),
    Problem(
        "code_system", "warning", N_("Code system"),
        N_("The codes under {columns} are read as {system} codes: {agreeing} of {codes} different codes fit only"
           " these."),
        N_(
            "Check a few rows: where the areas are wrong, name the code column after its system (Kode BPS or Kode"
            " Kemendagri)."
        ),
    ),
    Problem(
        "code_system_undecided", "warning", N_("Code system not certain"),
        N_(
            "Nothing shows whether the codes under {columns} are BPS or Kemendagri codes. They were read as {system}"
            " codes."
        ),
        N_("Add a column with the areas' names, or name the code column Kode BPS or Kode Kemendagri."),
    ),
    Problem(
        "bps_codes_unknown", "warning", N_("BPS code not known yet"),
        N_("{rows} rows have only a BPS code whose kelurahan is not known yet."),
        N_(
            "Import a file of the same area that has names or Kemendagri codes beside the BPS codes, then this file"
            " again."
        ),
    ),
    Problem(
        "bps_codes_only", "refused", N_("Only BPS codes"),
        N_("All {rows} rows name their area by a BPS code whose meaning is not known yet."),
        N_(
            "Import a file of the same area that has names or Kemendagri codes beside the BPS codes, then this file"
            " again."
        ),
    ),
    Problem(
        "figures_without_areas", "refused", N_("Table without areas"),
        N_("No column holds names or codes of areas."),
        N_("Check that the table has a column such as Kelurahan, Kecamatan, Kabupaten/Kota or Kode Wilayah."),
    ),
    Problem(
        "figures_without_numbers", "refused", N_("Table without figures"),
        N_("No column holds figures that this register knows."),
        N_("Check the headings of the figures, or import the file as a rekap."),
    ),
    Problem(
        "figures_without_period", "refused", N_("Table without a date"),
        N_("Neither the rows, the headings, the title nor the file name say of which year the figures are."),
        N_("Give the date of the data (on the command line: --period 2023-12)."),
    ),
    Problem(
        "place_assumed", "warning", N_("Area taken from the title"),
        N_("The rows name no kabupaten or kota; {place} was taken from the title or the file's name."),
        N_("If that is wrong, remove the snapshot and import the file with the right area (--place)."),
    ),
    Problem(
        "figures_feed", "warning", N_("Also tells a built-in figure"),
        N_(
            "The table also tells {indicators}. It is shown there as long as no register by name does, with its source."
        ),
        N_("Nothing needs to be done. To count by name, import the register itself."),
    ),
)  # fmt: skip
"""Complaints that any register can raise; a register declares beside itself those of its own checks."""
