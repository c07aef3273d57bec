"""Personal names by people: what a family's names are put together from.

A name is `prefix + given + after`. The pools are complete products of these parts, so a person's
name is one number, and ten thousand families cost no more Python than ten. Words stand in the order
of how common they are; a word that stands twice is twice as common; `_` is a space inside a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

YOUNG_BORN_AFTER: Final = np.datetime64("1978-01-01", "D").astype(int)
GIVEN_SKEW: Final = 1.4


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


@dataclass(frozen=True)
class Naming:
    """How one people names its men and women; `elder_*` are for those born before 1978.

    `clan`: the last part is the family's (Batak marga, Chinese-Indonesian family names), not the person's.
    """

    men: tuple[str, ...]
    women: tuple[str, ...]
    elder_men: tuple[str, ...]
    elder_women: tuple[str, ...]
    elder_men_prefix: tuple[str, ...] = ("",)
    elder_women_prefix: tuple[str, ...] = ("",)
    men_prefix: tuple[str, ...] = ("",)
    women_prefix: tuple[str, ...] = ("",)
    men_after: tuple[str, ...] = ("",)
    women_after: tuple[str, ...] = ("",)
    clan: bool = False


MODERN_MEN: Final = _words(
    "FAJAR RIZKY MA\u2019RUF ILHAM FADLI ALDI RESKI FIRMAN DIMAS RAHMAT IRFAN YUSUF ARIF FARHAN AKBAR REZA IKBAL "
    "RAIHAN HAIKAL FAUZAN ZAKI ANDIKA BAYU REHAN RIDWAN HIDAYAT GILANG SYAHRUL RAFLI NABIL ASWAR DANI"
)
MODERN_WOMEN: Final = _words(
    "NUR AULIA NUR\u2019AINI PUTRI RAHMAWATI INTAN NABILA SALSABILA FITRI ANISA RISKA DEWI AYU INDAH KHAIRUNNISA NAYLA "
    "ZAHRA CITRA MELATI SRI MAWAR RATNA YULIANA RESKY NADIRA HASNA SAFIRA KIRANA AISYAH DINDA MUTIARA"
)
MEN_AFTER: Final = ("", "", "", "", *_words(
    "PRATAMA SAPUTRA HIDAYAT RAMADHAN SETIAWAN MAULANA SYAHPUTRA KURNIAWAN NUGRAHA PUTRA AL_FARIZI HERMAWAN "
    "FIRMANSYAH  IRAWAN SAPUTRO GUNAWAN WIJAYA HAKIM ARDIANSYAH FEBRIAN ALFARIZKI RAHMAN JAYA MAHENDRA IBRAHIM "
    "SYARIF"
))  # fmt: skip
WOMEN_AFTER: Final = ("", "", "", "", *_words(
    "SARI LESTARI RAMADHANI WATI ANGGRAINI MAHARANI PERTIWI AZZAHRA SAFITRI PUTRI RAHAYU OKTAVIANI HANDAYANI "
    "AMELIA  KHAIRANI WULANDARI APRILIA PERMATASARI MEILANI HASANAH FEBRIANTI UTAMI JULIANTI ZAHRA MAULIDA "
    "SEPTIANI"
))  # fmt: skip
MUSLIM_MEN: Final = ("", "", "", "MUH. ", "MUHAMMAD ", "M. ", "AHMAD ")
MUSLIM_WOMEN: Final = ("", "", "", "", "ST. ", "SITI ", "NUR ")


NAMINGS: Final[dict[str, Naming]] = {
    "tolaki": Naming(
        men=(*MODERN_MEN[:22], *_words("HASRUDDIN ASRUN ALIMUDDIN JUMRAN HERMAN SARLAN ASLAN EDISON YUSRAN")),
        women=(*MODERN_WOMEN[:20], *_words("HASTUTI NIRMA HERLINA SARTIN ASNIAR YUSNIAR MILNA HASMAWATI DARNA")),
        elder_men=_words(
            "LASANDARA ABDUL_RAUF TABURAKA NGGALU PONGGAWA LAMBATU MUSTAFA SARANANI TAWULO BASRI SILONDAE"
        ),
        elder_women=_words("SANIA WETUMBA TINA HAWIA NURSIA ROSMIATI SUDARMI MARWIA HASNIA DARMAWATI WEKOILA"),
        men_prefix=MUSLIM_MEN,
        women_prefix=MUSLIM_WOMEN,
        men_after=(*MEN_AFTER[2:], *_words("LAPAE TAMBURAKA SARANANI PAGALA MEKUO TOSEPU PARAKKASI RUNDU")),
        women_after=(*WOMEN_AFTER[2:], *_words("NINGSIH TAMBURAKA PAGALA RUNDU SARANANI")),
    ),
    "bugis": Naming(
        men=(
            *MODERN_MEN[:20],
            *_words("BASO AMBO SYAMSUDDIN SUDIRMAN JAMALUDDIN ARSYAD TAHIR SAENAL ANWAR BAKRI RUSLAN"),
        ),
        women=(
            *MODERN_WOMEN[:18],
            *_words("BESSE TENRI HASNAH NURHAYATI ROSDIANA SALMAH MARHUMA FATMAWATI JUMRIATI HJ._SUBAEDAH"),
        ),
        elder_men=_words(
            "LA_TANG PABO AMBO_TUO MAPPA DG._MASSIKKI BEDDU SANUSI H._MUSTARI LATIF TALLASA CONDONG MALIK"
        ),
        elder_women=_words(
            "I_MASE I_SITTI I_TATI HJ._HALIJAH DG._NGINTAN SABARIA BECCE MARDIANA I_CAYA NURSIAH HAFSAH"
        ),
        men_prefix=("", "", "", "MUH. ", "MUH. ", "MUHAMMAD ", "ANDI "),
        women_prefix=("", "", "", "ST. ", "SITI ", "ANDI "),
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
    ),
    "muna": Naming(
        men=(*MODERN_MEN[:18], *_words("HAMID RUSMAN SAMSUL HARDIN ALIFU HASIMU KADIR JAMRUN MALIKI SARFIN FALIHU")),
        women=(
            *MODERN_WOMEN[:16],
            *_words("HARLIA SALIMA FIANI MUNAWARA JUHRIA SUMARNI RAFIA NIRWANA ERNAWATI HADIJAH"),
        ),
        elder_men=_words("NDOLE HIBALI UMURI SALIHI ZAMANI MBALE TIWORO HARISI KADERA UNGA FEELI"),
        elder_women=_words("HALIMA NURA SAOLA HAJIMA UMI NDAROMA SINTA ZAMIA NDERU MAUDU RASIA"),
        men_prefix=("LA ", "LA ", "LA ODE ", "LA ODE ", "MUH. ", "LD. "),
        women_prefix=("WA ", "WA ", "WA ODE ", "WA ODE ", "ST. ", "WD. "),
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
        elder_men_prefix=("LA ", "LA ", "LA ODE ", "LD. "),
        elder_women_prefix=("WA ", "WA ", "WA ODE ", "WD. "),
    ),
    "java": Naming(
        men=_words(
            "AGUS EKO DWI TRI BUDI JOKO HERI SUGENG WAHYU SLAMET YULI ARIS DENI ANDI DIDIK RUDI HENDRA BAGUS FERI "
            "RIYAN  DIMAS GALIH RENDI BAYU ILHAM TEGUH YOGA ADITYA ARIF NUR WISNU SETYO IMAM BAMBANG EDI HARI "
            "PUJI FAJAR ANGGA RIZAL"
        ),
        women=_words(
            "SRI DWI TRI ENDANG WAHYU ENI NINIK YULI RINI LILIS DEWI PUTRI ANI RETNO ERNA SITI WULAN ANGGUN FITRI "
            "DIAH  LINA NOVI KARTIKA NITA AYU RATNA INDAH TITIK MEGA YUNI NUNUNG RIA ANIK SULIS ERMA WIWIK LULUK "
            "TUTIK EVI MAYA"
        ),
        elder_men=_words(
            "SUKARNO PAIMIN SUPARMAN WAGIMAN NGATIJO KASMAN SUTRISNO PONIJAN TUKIMAN SUGIMAN SUYONO PARTO "
            "DARMO_SUWITO  MULYONO SUKIRMAN"
        ),
        elder_women=_words(
            "PAINEM SUMARNI TUMINAH WAGINEM NGATINAH PONIYEM SUPARTI KASIYEM SUKINEM TUKINAH SUTINAH PARTINI "
            "MARSIYAH RUKMINI"
        ),
        men_prefix=("", "", "", "MUHAMMAD ", "M. ", "ABDUL "),
        women_prefix=("", "", "", "", "SITI ", "NUR "),
        men_after=(
            "",
            *_words(
                "SANTOSO PRASETYO WIBOWO SUSANTO PURNOMO RIYADI SETIAWAN NUGROHO CAHYONO UTOMO SAPUTRO HARTONO "
                "SUPRIYADI WALUYO  RAHARJO HANDOKO KUSUMA PRIYONO WICAKSONO SANJAYA LAKSONO SUTEJO PRAYITNO "
                "YULIANTO HARYANTO SUGIARTO PRABOWO"
            ),
        ),
        women_after=(
            "",
            *_words(
                "WAHYUNI RAHAYU LESTARI HANDAYANI WULANDARI SUSANTI NINGSIH ASTUTI PUSPITASARI UTAMI WIDYASTUTI "
                "KUSUMAWATI  PURWANTI YULIANTI MARYANI SETYOWATI WIDOWATI SAPUTRI NURAINI SUSILOWATI HARYANTI "
                "FATMAWATI ANDRIYANI MURNI"
            ),
        ),
    ),
    "sunda": Naming(
        men=_words("ASEP DEDE UJANG ADE CECEP IWAN YAYAN DADANG ENDANG AGUS ENCEP JAJANG RIAN DIKI RIZAL GUNGUN AJAT"),
        women=_words("NENG EUIS TETI LILIS YANI NENENG ELIS IIS TITIN IMAS ROS AI_SITI RINA PUTRI YUYUN MIMIN DEDEH"),
        elder_men=_words("ENTIS SUHERMAN UDIN DARSA OTONG EMAN KARNA ADANG OMAN SARJA OJO MAMAN DAYAT"),
        elder_women=_words("ENOK ICIH ENCUM OMAH UKANAH ROHAYATI ECIN ANIH WARSIH MAMAH JUJU ONIH"),
        men_prefix=("", "", "", "MUHAMAD ", "M. "),
        women_prefix=("", "", "", "SITI "),
        men_after=("", "", *_words("SUPRIATNA GUNAWAN PERMANA SURYANA KURNIA MULYANA"), *MEN_AFTER[4:]),
        women_after=("", "", *_words("NURHAYATI SUMIATI KURNIASIH ROHAENI KOMALASARI"), *WOMEN_AFTER[4:]),
    ),
    "betawi": Naming(
        men=(
            *MODERN_MEN[:16],
            *_words("SANUSI MARZUKI ROJALI SYAIFUL NASRUDIN HASBULLAH MUHIDIN JAELANI FAHMI SOPIAN"),
        ),
        women=(
            *MODERN_WOMEN[:16],
            *_words("ROHIMAH MAEMUNAH NURLELA ROMLAH MULYANAH HALIMAH SAODAH NURJANAH SUHARTINI"),
        ),
        elder_men=_words("SAMAN NAMIN MAIN NIUN ROHMAN MISAN SAIDI DJAELANI MUGENI NAWI SANIN H._ABDULLAH MARJUKI"),
        elder_women=_words("MAMNAH SAENAH NAPSIAH ROGAYAH ENIN MAYANAH SALBIYAH HJ._MASNAH ROHANI NEMAH AMINAH TIHAWA"),
        men_prefix=("", "", "MUHAMMAD ", "MUHAMAD ", "M. ", "ABDUL ", "AHMAD "),
        women_prefix=("", "", "", "SITI ", "SITI ", "NUR "),
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
    ),
    "batak": Naming(
        men=_words(
            "ROBERT JHON PARLINDUNGAN TIGOR HOTMAN SAHAT DANIEL BONAR RONALD ANDREAS SAMUEL PANGIHUTAN MANGASI RIKARDO"
        ),
        women=_words(
            "ROSMAULI TIURMA LASMA HOTMAIDA MERI NURMALA LENTINA SARMA DEBORA MARIA ESTER RUTH DUMA CHRISTINA"
        ),
        elder_men=_words("JAHARUS MARASI TOGAR MANATAP SABAM HUMALA WILSON BISTOK ARIFIN KAMARUDDIN"),
        elder_women=_words("TIOMINA NURSANI ROSPITA BERLIANA TIARMA RUMINTA LAMRIA SORTA BASARIA DERMAWAN"),
        men_after=_words(
            "SIMANJUNTAK SITUMORANG HUTABARAT NAINGGOLAN PANJAITAN SIREGAR SINAGA MANURUNG SITORUS SILALAHI LUBIS"
        ),
        women_after=_words(
            "SIMANJUNTAK SITUMORANG HUTABARAT NAINGGOLAN PANJAITAN SIREGAR SINAGA MANURUNG SITORUS SILALAHI LUBIS"
        ),
        clan=True,
    ),
    "tionghoa": Naming(
        men=_words("HENDRA STEVEN KEVIN ANDI RUDY TONI EDWIN WILLIAM FERRY SUSANTO JIMMY ALVIN CHANDRA"),
        women=_words("MELIANA LINDA SUSI FELICIA YENNY SHERLY LILY FENNY VIVIAN CINDY MEI_LAN STEFANI"),
        elder_men=_words("A_HOK BUN_HIAN TJIN_SENG KIM_LIONG SOEN_HO HASAN KIAN_TEK A_KIONG"),
        elder_women=_words("KIM_NIO LIAN_NIO SIOK_LAN MEI_HOA TJOEI_NIO A_MOY GIOK_LAN ELLY"),
        men_after=_words("WIJAYA HALIM TANUWIJAYA GUNAWAN LIM SALIM KURNIAWAN TAN HARTONO SANJAYA OEY THE"),
        women_after=_words("WIJAYA HALIM TANUWIJAYA GUNAWAN LIM SALIM KURNIAWAN TAN HARTONO SANJAYA OEY THE"),
        clan=True,
    ),
    "kutai": Naming(
        men=(*MODERN_MEN[:18], *_words("AJI_RASYID HASANUDDIN SYAHRANI ASRANI MASDAR RUSDI ENCEK_HAMID SABRAN KASPUL")),
        women=(*MODERN_WOMEN[:18], *_words("AJI_RATNA NORHAYATI MASNIAH ARBAYAH SAMSIAH JAHRAH DAYANG_SARI HAIRIAH")),
        elder_men=_words("AWANG_ISHAK BACHTIAR ASNAN ENCEK_UMAR SEMAN AJI_MUHAMMAD GUSTI JAPRI ADIN RAPII"),
        elder_women=_words("DAYANG_AISYAH GALUH ENCEK_ASIAH SALASIAH AJI_JUBAIDAH INTAN ASMAH BADARIAH"),
        men_prefix=MUSLIM_MEN,
        women_prefix=MUSLIM_WOMEN,
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
    ),
    "dayak": Naming(
        men=_words(
            "YOHANES LING MARKUS LUKAS DANIEL STEFANUS ANTONIUS BENEDIKTUS JALUNG TEKWAN ALOYSIUS FRANSISKUS BELARE"
        ),
        women=_words("YULIANA MARIA KRISTINA DEVUNG ANASTASIA HAWANG ELISABET MARTINA BERNADETA YUSTINA HELARIA LUSIA"),
        elder_men=_words("LEDJIE BIT IBO LAWING JIU ENGAN TAMAN LENJAU NGAU SIANG"),
        elder_women=_words("PEHUN BUNGAN LEHONG TIPUNG SONG URAI HUVAT LAHAI DEW"),
        men_after=("", *_words("LAWING LENJAU NGAU TAMAN WAN BANG LUHAT JUK ENGAN")),
        women_after=("", *_words("LAWING LENJAU NGAU TAMAN WAN BANG LUHAT JUK ENGAN")),
    ),
    "banjar": Naming(
        men=(*MODERN_MEN[:16], *_words("SYAHRIDIN HAIRULLAH RUSMANADI ARDANI SYARKAWI HUSNI NORHADI GAZALI SARWANI")),
        women=(
            *MODERN_WOMEN[:16],
            *_words("NORJANAH RUSMINAH MASTIAH HAIRUNNISA MAISYARAH NORLATIFAH RAUDAH RABIATUL"),
        ),
        elder_men=_words("ASPUL ANANG UTUH JUHRI BASRAN MASTUR IDERIS SABERAN KASTALANI"),
        elder_women=_words("GALUH JUMANTAN SAMPURNA MASTIKA ARBAINAH JARIAH SALABIAH BASNAH"),
        men_prefix=MUSLIM_MEN,
        women_prefix=MUSLIM_WOMEN,
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
    ),
    "melayu": Naming(
        men=(*MODERN_MEN[:20], *_words("ZULKIFLI SYAFRIZAL AZWAR RAZALI SYAHRIAL ERIZAL HAMDAN TARMIZI JUNAIDI")),
        women=(*MODERN_WOMEN[:20], *_words("YUSMANIAR ERNAWATI ROSNIDAR ZURAIDA MARLINA FATIMAH NURBAITI SYAMSIDAR")),
        elder_men=_words("BUYUNG JAMARIS TENGKU_ALI DATUK_RAJO NURDIN SYAFEI USMAN ZAINUDDIN ABBAS"),
        elder_women=_words("UPIK ROHANA NURJASMI ZAHARA SITI_RABIAH SYAMSINAR RAMLAH DALIMA"),
        men_prefix=MUSLIM_MEN,
        women_prefix=MUSLIM_WOMEN,
        men_after=MEN_AFTER,
        women_after=WOMEN_AFTER,
    ),
    "bali": Naming(
        men=_words("SUDIRA ARTAWAN WIRAWAN SUARDANA PUTRA BUDIARTA SUKERTA ADNYANA SUJANA MAHENDRA WIDIANA"),
        women=_words("SUARTINI ARIANI LESTARI WIDIASIH SUKERTI PUSPAWATI ASTINI SETIAWATI DEWI MURNIATI"),
        elder_men=_words("RAI SUBRATA KETUT GEDE DANA RAKA TANTRA MUSTIKA"),
        elder_women=_words("RAI RENI SARI SUNTI MUDRI SUKRI NYERI RATNA"),
        men_prefix=("I WAYAN ", "I MADE ", "I NYOMAN ", "I KETUT ", "I PUTU "),
        women_prefix=("NI WAYAN ", "NI MADE ", "NI NYOMAN ", "NI KETUT ", "NI PUTU "),
        elder_men_prefix=("I WAYAN ", "I MADE ", "I NYOMAN ", "I KETUT "),
        elder_women_prefix=("NI WAYAN ", "NI MADE ", "NI NYOMAN ", "NI KETUT "),
    ),
    "timur": Naming(
        men=_words("YOHANES PETRUS YOSEF MARKUS FRANSISKUS DOMINIKUS YAKOBUS ALFONS SIMON MATEUS STEFANUS HERMAN"),
        women=_words("MARIA YULIANA MARTHA THERESIA ELISABETH AGUSTINA FRANSISKA YOSEFINA MAGDALENA DORKAS ROSALINA"),
        elder_men=_words("MARTINUS GERARDUS LAMBERTUS KORNELIS OKTOVIANUS HANOCH PAULUS BERNADUS"),
        elder_women=_words("YAKOMINA WELMINCE BERNADETHA MARGARETHA KATARINA SELFINA ADOLFINA"),
        men_after=("", *_words("BILI NENO TUKAN WENDA KOGOYA LATUHERU MANUPUTTY LEWAR SERAN BOUK RUMBIAK")),
        women_after=("", *_words("BILI NENO TUKAN WENDA KOGOYA LATUHERU MANUPUTTY LEWAR SERAN BOUK RUMBIAK")),
        clan=True,
    ),
}


@dataclass(frozen=True)
class NamePools:
    """All names of the given peoples as one list; `draw` gives positions in it.

    `start` and `parts` have the shape (peoples, 4) and (peoples, 4, 3): men, women, elder men, elder women.
    """

    names: list[str]
    start: Array
    parts: Array
    clan: Array

    def draw(self, people: Array, male: Array, born: Array, clan_rank: Array, rng: np.random.Generator) -> Array:
        """A name for everyone: int32 positions in `names`; `clan_rank` in 0…1 is shared within a family."""
        pool = np.where(male, 0, 1) + np.where(born < YOUNG_BORN_AFTER, 2, 0)
        prefixes, givens, afters = (self.parts[people, pool, axis] for axis in range(3))
        own = rng.random(len(people), dtype=np.float32)
        prefix = (rng.random(len(people), dtype=np.float32) * prefixes).astype(np.int32)
        given = (rng.random(len(people), dtype=np.float32) ** GIVEN_SKEW * givens).astype(np.int32)
        after = (np.where(self.clan[people], clan_rank, own) * afters).astype(np.int32)
        name: Array = (self.start[people, pool] + (prefix * givens + given) * afters + after).astype(np.int32)
        return name


def pools(peoples: Sequence[str]) -> NamePools:
    """The name pools of these peoples (keys of `NAMINGS`), in this order."""
    names: list[str] = []
    start, parts = [], []
    for key in peoples:
        naming = NAMINGS[key]
        # Few of the old have a second name; where they do, it is their father's.
        fathers = ("", "", "", *(name for name in naming.elder_men if len(name) > 3 and " " not in name))
        elder_men_after, elder_women_after = (
            (naming.men_after, naming.women_after) if naming.clan else (fathers, fathers)
        )
        for prefix, given, after in (
            (naming.men_prefix, naming.men, naming.men_after),
            (naming.women_prefix, naming.women, naming.women_after),
            (naming.elder_men_prefix, naming.elder_men, elder_men_after),
            (naming.elder_women_prefix, naming.elder_women, elder_women_after),
        ):
            start.append(len(names))
            parts.append((len(prefix), len(given), len(after)))
            names += [f"{p}{g} {a}".rstrip() for p in prefix for g in given for a in after]
    shape = (len(peoples), 4)
    return NamePools(
        names=names,
        start=np.array(start, dtype=np.int32).reshape(shape),
        parts=np.array(parts, dtype=np.int32).reshape(*shape, 3),
        clan=np.array([NAMINGS[key].clan for key in peoples]),
    )
