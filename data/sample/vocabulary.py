"""Words of a register that are not names: relationships, occupations, streets, spellings. Repeated = more common."""

from typing import Final

RELATIONS: Final = (
    "KEPALA KELUARGA",
    "ISTRI",
    *("ANAK",) * 6,
    "ORANG TUA",
    "CUCU",
    "FAMILI LAIN",
    "SUAMI",
)
"""By slot in the family, see `people.Slot`; last, what a spouse is called who is a man."""

INFANT_JOBS: Final = ("BELUM/TIDAK BEKERJA",)
PUPIL_JOBS: Final = (*("PELAJAR/MAHASISWA",) * 12, "BELUM/TIDAK BEKERJA")
WOMEN_JOBS: Final = (
    *("MENGURUS RUMAH TANGGA",) * 13,
    *("WIRASWASTA", "PEDAGANG", "PEDAGANG", "KARYAWAN SWASTA", "BURUH HARIAN LEPAS", "PEMBANTU RUMAH TANGGA"),
    *("BELUM/TIDAK BEKERJA", "TUKANG JAHIT", "GURU HONORER"),
)
ELDER_JOBS: Final = (*("BELUM/TIDAK BEKERJA",) * 5, "MENGURUS RUMAH TANGGA", "PETANI/PEKEBUN", "WIRASWASTA")

COAST_JOBS: Final = (
    *("BURUH HARIAN LEPAS",) * 6,
    *("WIRASWASTA",) * 5,
    *("NELAYAN/PERIKANAN",) * 3,
    *(
        "TUKANG BATU",
        "TUKANG KAYU",
        "SOPIR",
        "TUKANG OJEK",
        "KARYAWAN SWASTA",
        "KARYAWAN SWASTA",
        "PEDAGANG",
        "PEDAGANG",
    ),
    *("PETANI/PEKEBUN", "BURUH BANGUNAN", "KARYAWAN HONORER", "BELUM/TIDAK BEKERJA", "BURUH PELABUHAN"),
)
METROPOLITAN_JOBS: Final = (
    *("BURUH HARIAN LEPAS",) * 6,
    *("KARYAWAN SWASTA",) * 7,
    *("WIRASWASTA",) * 4,
    *("PENGEMUDI OJEK", "PENGEMUDI OJEK", "SOPIR", "PEDAGANG", "PEDAGANG", "SATPAM", "TUKANG PARKIR", "PEMULUNG"),
    *("BELUM/TIDAK BEKERJA", "BELUM/TIDAK BEKERJA", "TUKANG LAS", "NELAYAN/PERIKANAN", "BURUH CUCI"),
)
PLANTATION_JOBS: Final = (
    *("PETANI/PEKEBUN",) * 8,
    *("BURUH TANI/PERKEBUNAN",) * 5,
    *("KARYAWAN SWASTA",) * 3,
    *("BURUH HARIAN LEPAS", "BURUH HARIAN LEPAS", "WIRASWASTA", "WIRASWASTA", "NELAYAN/PERIKANAN", "SOPIR", "PEDAGANG"),
    *("OPERATOR ALAT BERAT", "KARYAWAN HONORER", "BELUM/TIDAK BEKERJA"),
)
VILLAGE_JOBS: Final = (*PLANTATION_JOBS, *COAST_JOBS)

COMMON_STREETS: Final = (
    "JL MERDEKA", "JL SUDIRMAN", "JL DIPONEGORO", "JL PATTIMURA", "JL KARTINI", "JL MELATI", "JL MAWAR", "JL ANGGREK",
    "JL KENANGA", "JL PELITA", "JL PENDIDIKAN", "JL PASAR BARU", "JL POROS DESA", "GG DAMAI", "GG MASJID", "JL AMANAH",
)  # fmt: skip
KENDARI_STREETS: Final = (
    "JL MARTANDU", "JL HEA MOKODOMPIT", "JL SAO SAO", "JL D.I. PANJAITAN", "JL R. SOEPRAPTO", "JL LAWATA", "LRG LASOLO",
    "JL SULTAN HASANUDDIN", "JL MAYJEN SUTOYO", "JL IR. H. ALALA", "JL BUNGA KAMBOJA", "JL SORUMBA", "LRG MATAHARI",
    "JL JATI RAYA", "JL CHAIRIL ANWAR", "JL PROF. M. YAMIN, LRG DAMAI", "LRG PELANGI", "JL KANCIL", "BTN BARUGA ASRI",
    "JL A.H. NASUTION", "JL ORINUNGGU, LRG BAJO", "JL WAYONG", "LRG CENDANA", "JL TEKUKUR", "JL CUMI-CUMI", "LRG ANOA",
    "JL Y. WAYONG, BTN GRAHA", "JL LASANDARA", "LRG MERPATI", "JL SEGAR", "JL TORADA", "LRG HARAPAN", "JL PATTIMURA",
)  # fmt: skip
JAKARTA_STREETS: Final = (
    "JL KEBON PALA", "GG HAJI MUSA", "JL SWADAYA", "JL KRAMAT PULO", "JL PETAMBURAN", "GG MASJID", "JL TANAH TINGGI",
    "JL WARAKAS", "JL MUARA BARU", "KP BARU", "JL LAGOA TERUSAN", "JL CIPINANG MUARA", "JL PISANGAN BARU", "GG KELINCI",
    "JL DURI BANGKIT", "JL TAMBORA, GG MAWAR", "JL KALI ANYAR", "JL PEDONGKELAN", "JL RAWA BUAYA", "JL PULO GEBANG",
    "JL H. MUHI", "JL MAMPANG PRAPATAN", "GG LANGGAR", "JL KEMUNING", "JL MENTENG ATAS", "JL BANGKA, GG AMAL",
    "RUSUN MARUNDA", "RUSUN JATINEGARA BARAT", "JL KAMPUNG MELAYU KECIL", "JL CILINCING LAMA", "KP RAWA BEBEK",
)  # fmt: skip
KUTAI_TIMUR_STREETS: Final = (
    "JL POROS SANGATTA BENGALON", "JL YOS SUDARSO", "JL A. WAHAB SYAHRANI", "JL KABO JAYA", "JL POROS DESA",
    "JL LINGGA", "GG BERSAMA", "JL POROS KALIORANG", "BLOK TRANS", "JL DERMAGA", "JL PELABUHAN",
    "JL APT PRANOTO, GG SAWIT", "JL MARGO", "JL TUNAS BANGSA", "PERUM MUNTHE", "MESS KARYAWAN", "TEPI SUNGAI",
    "JL SIMPANG EMPAT", "JL PENDIDIKAN",
)  # fmt: skip

ODD_ADDRESSES: Final = (
    "-",
    'JL POROS "BY PASS" NO 7',
    "BTN GRAHA ASRI; BLOK C NO 4",
    "LRG MELATI | RT 003",
    "JL  PASAR  LAMA,  DEPAN  MASJID",
    "BELAKANG KANTOR LURAH, DEKAT SUNGAI",
)
HOUSE_FORMS: Final = (
    "",
    *(f" NO {number}" for number in range(1, 46)),
    *(f" NO. {number}" for number in range(3, 60, 4)),
    *(f" NO {number}A" for number in (2, 9, 14)),
    *(f" BLOK {block} NO {number}" for block in "ABCD" for number in (2, 5, 11)),
    *(f", {mark}" for mark in ("DEPAN MASJID", "BELAKANG PASAR", "SAMPING SDN 2", "DEKAT JEMBATAN", "DEPAN PUSTU")),
)

UNREADABLE_KELURAHAN: Final = ("", "-", "TIDAK DIKETAHUI", "XXXX", "LUAR WILAYAH", "#N/A")


def misspelt(name: str) -> tuple[str, str]:
    """Two ways in which a village's name is found written: differently spaced or prefixed, and mistyped.

    >>> misspelt("BENU BENUA"), misspelt("KADIA")
    (('BENUBENUA', 'BENU BEENUA'), ('KEL. KADIA', 'KADIA.'))
    """
    spaced = name.replace(" ", "").replace("-", "") if {" ", "-"} & set(name) else f"KEL. {name}"
    middle = len(name) * 3 // 5
    doubled = name[: middle + 1] + name[middle:]
    return spaced, doubled if len(name) > 6 and name[middle].isalpha() else f"{name}."
