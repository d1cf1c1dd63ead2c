"""Work that follows a write: noted in the database with it, done by Celery, lost by nobody.

Celery messages are only doorbells. What has to be done stands in the `Job` table, put there in the
transaction of the write that asks for it. A worker leases jobs, does them and removes them; a job
whose worker died is retaken when its lease ends; one that keeps failing is set aside, visible in
the admin. See docs/decisions/0002-outbox.md.
"""
