"""How Indonesian names are written: abbreviations, titles, other spellings and familiar forms.

All words are in capitals, without dots and apostrophes. Names are folded with these tables in `data.linkage.names`.
"""

from collections.abc import Mapping
from typing import Final


def _forms(*lines: str) -> dict[str, str]:
    """`NAME: FORM FORM …` as a table from each form to the name."""
    pairs = (line.split(":") for line in lines)
    return {form: name.strip() for name, forms in pairs for form in forms.split()}


ABBREVIATIONS: Final[Mapping[str, str]] = _forms(
    "BAYI: BY BYI",
    "MUHAMMAD: MUH MOH MOCH MUCH MOHD MUHD MHD MUHAM MHMD",
    "AHMAD: ACH AHM AHMD",
    "NUR: NR",
    "ABDUL: ABD ABDL ABDU ABDOEL ABDUR ABDUS ABDUN ABDUT ABDUZ",
    "SITI: ST STI SITTI SITTY SITY",
    "LA ODE: LD LAODE LAODHE",
    "WA ODE: WD WAODE WAODHE",
    "LA MUHAMMAD: LM",
    "DAENG: DG",
    "KARAENG: KR KRG",
    "PUANG: PNG",
    "RADEN: RD RDN",
    "NYOMAN: NYM NYMN",
    "KETUT: KT",
    "WAYAN: WY WYN",
    "GUSTI: GST IGST",
    "TUBAGUS: TB TBG",
    "RORO: RR",
    "MAS AGUS: MGS",
    "KEMAS: KMS",
    "TEUKU: TK",
    "TENGKU: TGK TKU",
    "FRANSISKUS XAVERIUS: FX",
    "YOHANES: YOH",
)
"""Wherever they stand in a name."""

BEFORE_OTHERS: Final[Mapping[str, str]] = _forms("MUHAMMAD: M MD")
"""Only as the first word, before one that is no initial."""

JOINED: Final = ("MUHAMMAD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "ABDUL", "SITI", "LAODE", "WAODE")
"""Often written in one word with the name that follows."""

COMPOUND: Final = ("NURUL", "NUR", "SRI", "DWI")
"""Written apart or in one with the name that follows, with no difference in meaning."""

ARTICLES: Final = ("AL", "EL")
"""Belong to the word that follows; so do AN, AR, AS, AZ … before their own consonant."""

TITLES_BEFORE: Final = frozenset(
    "H HJ HI HAJI HAJJAH HAJAH DR DRS DRA DRG DRH IR PROF KH KYAI USTADZ USTAD USTADZAH UST HABIB PDT PASTOR "
    "TN NY NN SDR SDRI BPK BAPAK IBU PAK BU TUAN NYONYA NONA SAUDARA ALM ALMH ALMARHUM ALMARHUMAH AYAH "
    "LETKOL LETDA LETTU KAPTEN SERDA SERKA SERMA PRATU PRAKA KOPDA BRIPDA BRIPTU BRIGADIR AIPDA AIPTU IPDA IPTU AKP "
    "APT NS BDN".split()
)
"""Titles and forms of address; dropped where a name begins, as long as a name is left."""

ADDRESS: Final = frozenset("NY TN NN SDR SDRI".split())
"""Forms of address that also stand within a name: BY. NY. SITI is the baby of Mrs Siti."""

TITLES_AFTER: Final = frozenset(
    "SPD SPDI SPDSD SPDAUD SE SEI SEK SH SHI SHUT SKOM SKM SKEP SKEPNS SKED SKEB SAG SIP SP SPI SPT SSI SSN SS SSOS "
    "SSOSI STP STR STRKEB STRKEP STRKES SPSI SIKOM SAP SAK SFARM SFIL SGZ STH SSTP SSTR SST SPN SPAR "
    "AMD AMDKEB AMDKEP AMDGZ AMDKL AMDAK AMDKOM AMK AMKEB AMAPD AMAPKG APD MSI MM MPD MPDI MKES MKEP MH MHI MHUM "
    "MAP MT MTI MSC MA MAG MSOS MIP MSE MAK MKOM MKEB MTR MIKOM MBA MPH MARS PHD NERS NS APT BSC BA BE LC BBA "
    "SPOG SPA SPPD SPB SPAN SPM SPJP SPKK ALM ALMH ALMARHUM ALMARHUMAH ALMARHUMA".split()
)
"""Degrees and remarks; dropped where a name ends, when written with dots, behind a comma, or as the last words."""

TITLES_BEHIND_A_COMMA: Final = TITLES_AFTER | frozenset("ST IR DRS H HJ S M A PD KEB KEP SOS KOM KES AG HUM SI".split())
"""Where a comma says that a degree follows, also what could be a name elsewhere."""

KEPT_DEGREES: Final = frozenset("MA BE BA SS MAP SAP SE SP ALI".split())
"""Without dots and comma these may be somebody's name."""

PATRONYMS: Final = frozenset("BIN BINTI BTI BINTE BTE BNT IBNU".split())
"""What follows is the father's name, or another name, and no part of this one."""

ALIASES: Final = frozenset("ALIAS ALS AKA".split())

SPELLINGS: Final[Mapping[str, str]] = _forms(
    "AHMAD: ACHMAD AKHMAD AHMED AHMAT AMAD ACHMAT",
    "ABDULLAH: ABDULAH ABDULLOH ABDULOH ABDALLAH ABDOELLAH",
    "RAHMAN: ROHMAN RACHMAN ROCHMAN RAKHMAN",
    "RAHMAT: ROHMAT RACHMAT ROCHMAT RAKHMAT",
    "RAHIM: ROHIM ROCHIM",
    "SALEH: SOLEH SHOLEH SHALEH SHOLIH SOLIH SALIH",
    "SALEHAH: SOLEHAH SHOLEHAH SHOLIHAH SOLIHAH SALIHAH SHALIHAH",
    "KHAIRUL: KHOIRUL KHAERUL CHOIRUL CHAERUL CHAIRUL KOIRUL KAIRUL",
    "KHAIRUN: KHOIRUN KHAERUN CHOIRUN",
    "KHAIRIAH: KHOIRIAH KHOIRIYAH",
    "ZAINAL: ZAENAL JAENAL JAINAL SAENAL SAINAL ZAINUL",
    "ZAINUDDIN: ZAENUDIN JAENUDIN JAINUDIN SAENUDIN",
    "JAILANI: JAELANI DJAELANI ZAELANI ZAILANI JAYLANI",
    "RIZKI: RIZKY RISKI RISKY RESKI RESKY RIZQI RIZQY REZKI REZKY RIZKHI RISQI",
    "RIZKA: RISKA RIZQA REZKA RESKA",
    "FAHRIZAL: FACHRIZAL",
    "AISYAH: AISAH ASYAH AISYA AISHA AESYAH ASIYAH ASIAH",
    "HADIJAH: KHADIJAH CHADIJAH HATIJAH KHATIJAH",
    "FATIMAH: PATIMAH FATIMA FATHIMAH PATIMA",
    "MARUF: MAKRUF MAARUF",
    "NIKMAH: NIMAH NIKMA",
    "USMAN: OSMAN UTSMAN",
    "UMAR: OMAR OEMAR",
    "YUSUF: JUSUF YOSUF YUSOF YUSUP JUSUP",
    "YAKUB: YACUB YAQUB YACOB YAKOB JAKUB",
    "IBRAHIM: IBRAHEM IBROHIM",
    "ISMAIL: ISMAEL",
    "HUSAIN: HUSEN HUSEIN HUSIN",
    "MUSTAFA: MUSTOFA MUSTAPA MUSTOPA MUSTHOFA MUSTHAFA",
    "EFENDI: AFANDI AFENDI EFFENDY APENDI",
    "HENDRI: HENDRY HENDRIE ENDRI",
    "HERI: HERY HERRY HERRI",
    "YOHANES: YOHANIS YOHANNES JOHANES JOHANNES JOHANIS",
    "STEFANUS: STEPHANUS STEVANUS",
    "FRANSISKUS: FRANCISCUS FRANSISCUS FRANSISKO",
    "KRISTINA: CRISTINA CHRISTINA",
    "CANDRA: CHANDRA",
    "ELISABET: ELISABETH ELIZABETH",
    "TERESIA: THERESIA THERESA TERESA",
    "YULI: JULI YULY",
    "YULIANTI: JULIANTI YULYANTI",
    "ANGRAINI: ANGGRAINI ANGGRAENI ANGRAENI ANGGREANI ANGGREINI ANGGRAYNI",
    "MAHARANI: MAHARANY",
    "OKTAVIA: OCTAVIA OKTAFIA",
    "OKTAVIANI: OCTAVIANI OKTAFIANI OCTAVIANY",
    "NOVI: NOVIE NOPI",
    "DEVI: DEFI DEPI",
    "KURNIAWAN: KURNIYAWAN",
    "SAPUTRA: SYAHPUTRA SAHPUTRA",
    "RIDWAN: RIDUAN RIDHWAN REDWAN",
    "JAMALUDDIN: DJAMALUDDIN JAMALUDIN",
)
"""Different spellings that the rules for sounds do not bring together."""

FAMILIAR: Final[Mapping[str, str]] = _forms(
    "DEDI: DEDY DEDDY DEDDI DEDHY",
    "EDI: EDY EDDY EDDI EDHI EDHY EDIK",
    "ADI: ADHI ADY ADHY",
    "BUDI: BUDHI BUDY BUDHY",
    "RUDI: RUDY RUDDY RUDHY",
    "HARI: HARY HARRY HARRI",
    "FERI: FERY FERRY FERRI PERI PERRY",
    "DENI: DENY DENNY DENNI",
    "YENI: YENY YENNY JENI JENNY",
    "RINI: RINNY RINY",
    "ROBI: ROBY ROBBY ROBBI",
    "TONI: TONY TONNY",
    "ASEP: ACEP ATEP CECEP ENCEP",
    "NENG: ENENG NENENG",
    "DEDE: DEDEH",
    "ADE: ADEK ADHE",
    "JOKO: DJOKO DJAKA JAKA",
    "ABDUL: DUL",
    "MUHAMMAD: MAMAT MAMAD",
    "SAIFUL: IPUL SYAIFUL SAEFUL SYAEFUL SAEPUL SAIPUL",
    "SAMSUL: SYAMSUL SAMSYUL",
    "IKBAL: IQBAL IBAL",
    "RAMADAN: RAMADHAN RAMDAN RAMDHAN ROMADON ROMADHON RAMADHAAN",
    "ARIF: ARIEF ARIP ARIPH AREF",
    "AGUS: GUS AGOES",
    "BESSE: BECCE BASSE BESE",
    "LELA: LAILA LAELA LEILA LAYLA",
    "ANISA: ANNISA NISA ANNISSA",
    "WULANDARI: WULAN WULANDARY",
    "PUTRI: PUTERI PUTRY PUTRIE",
    "EKA: EKHA",
    "YANTI: YANTIE JANTI",
)
"""Familiar forms of a name and the one they are compared by."""
