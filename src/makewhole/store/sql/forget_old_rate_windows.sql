-- Counted minutes (since 1970) that no limit looks at any more.
delete from people_ratewindow where minute < %(before)s
