"""What everybody may see: masked tables, in a folder of their own, in which small numbers are withheld for good.

    cells         what is counted, what hangs together, which numbers are small
    suppression   which others have to be withheld with them, so that none can be worked out
    attack        tries to work them out, from nothing but the published files
    building      from the store to a folder, or to a refusal
    reading       reads such a folder; knows nothing of the store

Nothing is imported here: whoever serves published folders must not even load what reads persons.
"""
