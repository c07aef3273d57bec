"""What leaves the room on paper or as a file: briefings, deliberation sheets, drawings. Set with Typst, offline."""

from components.documents import sheets, tabled
from components.documents.briefing import Briefing
from components.documents.buttons import briefing_button, downloads, table_downloads
from components.documents.parts import Shown

__all__ = ["Briefing", "Shown", "briefing_button", "downloads", "sheets", "table_downloads", "tabled"]
