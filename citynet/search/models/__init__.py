"""Tables of search: what people saved, and what their mails told them."""

from citynet.search.models.saved import HowOften, SavedSearch, ToldPractice

__all__ = ["HowOften", "SavedSearch", "ToldPractice"]
