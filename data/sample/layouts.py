"""How the files look: headings, formats, and at what rates they are spoilt. Declared, nothing computed.

Headings are spelled as found in real exports, variants and misspellings included.
"""

from dataclasses import dataclass
from typing import Final, Literal

FIELDS: Final = (
    "id", "province", "kabkota", "kecamatan", "kelurahan", "address", "dusun", "rt", "rw", "kk", "nik", "name",
    "birth_date", "birth_place", "sex", "job", "mother", "relation", "padan", "bpnt", "pkh", "ppkm", "pbi",
    "updated", "matched",
)  # fmt: skip
"""The columns of every layout, in this order; the classic layout ends before `updated`."""

CLASSIC: Final = (
    "ID DTKS", "PROVINSI", "KABUPATEN/KOTA", "KECAMATAN", "DESA/KELUARAHAN", "ALAMAT", "DUSUN", "RT", "RW", "NOKK",
    "NIK", "NAMA", "TANGGAL LAHIR", "TEMPAT LAHIR", "JENIS KELAMIN", "PEKERJAAN", "NAMA IBU KANDUNG", "HUB KELUARGA",
    "KETERANGAN PADAN", "BANSOS BPNT", "BANSOS PKH", "BANSOS BPNT-PPKM", "PBI JKN",
)  # fmt: skip
DATED: Final = (*CLASSIC, "LastUpdateData", "Terakhir Padan Capil")


def _renamed(headings: tuple[str, ...], **others: str) -> tuple[str, ...]:
    return tuple(others.get(field, heading) for field, heading in zip(FIELDS, headings, strict=False))


@dataclass(frozen=True)
class Layout:
    """One way to write a register. Rates are shares of rows.

    `kind`: what stands on disk; `gzip` and `zip` hold one CSV. `titles`: title rows above the header.
    `birth_format`, `update_format`, `match_format`: strftime; "" in a spreadsheet means a real date cell.
    `float_nik`: NIK written as 7.471020e+15. `apostrophes`: NIK and KK with a leading apostrophe.
    `misspelt`: kelurahan spelled otherwise. `twice`: rows repeated as they are, at the end.
    `areas`: how a kab/kota is written ("full", "short" KAB./KOTA ADM., "bare").
    """

    headings: tuple[str, ...]
    kind: Literal["csv", "gzip", "zip", "xlsx"] = "csv"
    delimiter: str = "|"
    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    newline: Literal["\n", "\r\n"] = "\n"
    titles: int = 0
    total: bool = False
    birth_format: str = "%Y-%m-%d"
    update_format: str = "%Y-%m-%d %H:%M:%S"
    match_format: str = "%d/%m/%Y"
    sexes: tuple[str, str] = ("LAKI-LAKI", "PEREMPUAN")
    yes_no: tuple[str, str] = ("YA", "TIDAK")
    marks: tuple[str, str] = ("PADAN", "TIDAK PADAN")
    areas: Literal["full", "short", "bare"] = "full"
    plain_rt: bool = False
    float_nik: float = 0.0015
    apostrophes: float = 0.004
    misspelt: float = 0.008
    twice: float = 0.0004
    double_spaces: float = 0.006


LAYOUTS: Final[dict[str, Layout]] = {
    "pipe": Layout(DATED),
    "gzip_pipe": Layout(
        _renamed(DATED, kk="NOMOR KK", nik="NOMOR NIK", relation="HUBUNGAN KELUARGA"),
        kind="gzip",
        areas="short",
        update_format="%Y-%m-%d",
        match_format="%Y-%m-%d",
        sexes=("L", "P"),
    ),
    "zip_pipe": Layout(
        _renamed(DATED, kk="Nokk", nik="Nik", mother="Nam Ibu Kandung", padan="Keterangan_padan",
                 ppkm="Bansos_Bnpnt_Ppkm", pbi="Pbi_Jni", updated="LAST_UPDATE_DATA"),
        kind="zip",
        birth_format="%d/%m/%Y",
        update_format="%d/%m/%Y %H:%M",
        plain_rt=True,
        marks=("Padan", "Tidak Padan"),
    ),
    "bom_semicolon": Layout(
        _renamed(DATED, kelurahan="DESA/KELURAHAN", kk="NOMOR KK", nik="NOMOR NIK", mother="Nam Ibu Kandung",
                 matched="TERAKHIR PADAN CAPIL"),
        delimiter=";",
        encoding="utf-8-sig",
        newline="\r\n",
        total=True,
        birth_format="%d/%m/%Y",
        update_format="%d/%m/%Y",
        areas="bare",
        float_nik=0.006,
        misspelt=0.012,
    ),
    "cp1252_comma": Layout(
        _renamed(DATED, id="IDDTKS", kabkota="KAB/KOTA", kelurahan="KELURAHAN", kk="NO. KK", birth_date="TGL LAHIR",
                 sex="JK", updated="Last Update Data"),
        delimiter=",",
        encoding="cp1252",
        newline="\r\n",
        titles=1,
        birth_format="%m/%d/%Y",
        update_format="%d-%m-%Y",
        match_format="%d-%m-%Y",
        apostrophes=1.0,
        plain_rt=True,
        float_nik=0.0,
        yes_no=("Ya", "Tidak"),
    ),
    "spreadsheet": Layout(
        _renamed(DATED, kelurahan="Desa/Kelurahan", kk="No KK", relation="Hubungan Keluarga", name="Nama"),
        kind="xlsx",
        titles=3,
        total=True,
        birth_format="",
        update_format="",
        match_format="%d/%m/%Y",
    ),
    "classic_semicolon": Layout(
        _renamed(CLASSIC, kk="NOMOR KK", nik="NOMOR NIK"),
        delimiter=";",
        newline="\r\n",
        total=True,
        birth_format="%d/%m/%Y",
        areas="short",
        misspelt=0.03,
    ),
    "classic_pipe": Layout(CLASSIC, areas="bare", misspelt=0.03),
}  # fmt: skip
