"""The threads of a library, as LLVM IR: `NAME_start`, `NAME_stop`, and how a call takes them and gives them back.

They are those of `native/engine/threads.py` on pthreads: they do chunks that the slot offers, spin for a moment after a
call, then sleep. A call that finds them busy with another one runs alone. A worker counts itself among those that sleep
before it looks whether a call is live, and a call is live before it looks whether any sleeps: none sleeps through it.
"""

from __future__ import annotations

from modelc.c.interface import Library
from modelc.c.results import Result
from modelc.native.engine.schedule import OFFER, SLOT, SLOT_LIVE, SLOT_OFFER
from modelc.native.engine.threads import SPINS
from modelc.native.target import CACHE_LINE

PTHREADS = frozenset({
    "pthread_create", "pthread_join", "pthread_mutex_lock", "pthread_mutex_trylock", "pthread_mutex_unlock",
    "pthread_cond_wait", "pthread_cond_broadcast",
})  # fmt: skip
"""What a library with threads needs of the system beside the C library."""

_ROOM = 128
"""More bytes than any mutex or condition has; all zeros is what they are at first on Linux."""


def team_code(library: Library) -> str:
    """The module's part for a library that starts threads."""
    workers = library.threads - 1
    live = f"getelementptr (i64, ptr @slot, i64 {SLOT_LIVE})"
    held_up = f"getelementptr (i64, ptr @slot, i64 {SLOT_OFFER + OFFER.start('held_up')})"
    return f"""
@slot = internal global [{SLOT} x i64] zeroinitializer, align {CACHE_LINE}
@busy = internal global [{_ROOM} x i8] zeroinitializer, align 16
@lock = internal global [{_ROOM} x i8] zeroinitializer, align 16
@wake = internal global [{_ROOM} x i8] zeroinitializer, align 16
@workers = internal global [{workers} x i64] zeroinitializer, align 8
@started = internal global i64 0, align 8
@asleep = internal global i64 0, align 8
@stopping = internal global i64 0, align 8
declare void @modelc_work(i64, i64)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_join(i64, ptr)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_trylock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_broadcast(ptr)

define internal ptr @serve(ptr %none) {{
begin:
  br label %work
work:
  call void @modelc_work(i64 ptrtoint (ptr @slot to i64), i64 {SPINS})
  call i32 @pthread_mutex_lock(ptr @lock)
  %one_more = atomicrmw add ptr @asleep, i64 1 seq_cst
  br label %look
look:
  %live = load atomic i64, ptr {live} seq_cst, align 8
  %stopping = load atomic i64, ptr @stopping seq_cst, align 8
  %either = or i64 %live, %stopping
  %sleeps = icmp eq i64 %either, 0
  br i1 %sleeps, label %sleep, label %rise
sleep:
  call i32 @pthread_cond_wait(ptr @wake, ptr @lock)
  br label %look
rise:
  %one_less = atomicrmw sub ptr @asleep, i64 1 seq_cst
  call i32 @pthread_mutex_unlock(ptr @lock)
  %ends = icmp ne i64 %stopping, 0
  br i1 %ends, label %end, label %work
end:
  ret ptr null
}}

define internal void @wake_all() {{
  call i32 @pthread_mutex_lock(ptr @lock)
  call i32 @pthread_cond_broadcast(ptr @wake)
  call i32 @pthread_mutex_unlock(ptr @lock)
  ret void
}}

define internal i64 @enter() {{
begin:
  %early = load atomic i64, ptr @started seq_cst, align 8
  %none = icmp eq i64 %early, 0
  br i1 %none, label %alone, label %try
try:
  %taken = call i32 @pthread_mutex_trylock(ptr @busy)
  %free = icmp eq i32 %taken, 0
  br i1 %free, label %look, label %alone
look:
  %count = load atomic i64, ptr @started seq_cst, align 8
  %gone = icmp eq i64 %count, 0
  br i1 %gone, label %back, label %begins
back:
  call i32 @pthread_mutex_unlock(ptr @busy)
  br label %alone
begins:
  store i64 0, ptr {held_up}, align 8
  store atomic i64 1, ptr {live} seq_cst, align 8
  %asleep = load atomic i64, ptr @asleep seq_cst, align 8
  %any = icmp ne i64 %asleep, 0
  br i1 %any, label %wakes, label %ready
wakes:
  call void @wake_all()
  br label %ready
ready:
  %threads = add i64 %count, 1
  ret i64 %threads
alone:
  ret i64 0
}}

define internal void @leave() {{
  store atomic i64 0, ptr {live} seq_cst, align 8
  call i32 @pthread_mutex_unlock(ptr @busy)
  ret void
}}

define i32 @{library.prefix}_start() {{
begin:
  call i32 @pthread_mutex_lock(ptr @busy)
  %before = load atomic i64, ptr @started seq_cst, align 8
  br label %next
next:
  %count = phi i64 [%before, %begin], [%more, %made]
  %enough = icmp uge i64 %count, {workers}
  br i1 %enough, label %end, label %make
make:
  %place = getelementptr i64, ptr @workers, i64 %count
  %failed = call i32 @pthread_create(ptr %place, ptr null, ptr @serve, ptr null)
  %good = icmp eq i32 %failed, 0
  br i1 %good, label %made, label %end
made:
  %more = add i64 %count, 1
  br label %next
end:
  %all = phi i64 [%count, %next], [%count, %make]
  store atomic i64 %all, ptr @started seq_cst, align 8
  call i32 @pthread_mutex_unlock(ptr @busy)
  %none = icmp eq i64 %all, 0
  %told = select i1 %none, i32 {Result.NO_THREADS}, i32 {Result.OK}
  ret i32 %told
}}

define void @{library.prefix}_stop() {{
begin:
  call i32 @pthread_mutex_lock(ptr @busy)
  %count = load atomic i64, ptr @started seq_cst, align 8
  store atomic i64 1, ptr @stopping seq_cst, align 8
  call void @wake_all()
  br label %next
next:
  %i = phi i64 [0, %begin], [%after, %join]
  %more = icmp ult i64 %i, %count
  br i1 %more, label %join, label %end
join:
  %place = getelementptr i64, ptr @workers, i64 %i
  %thread = load i64, ptr %place, align 8
  call i32 @pthread_join(i64 %thread, ptr null)
  %after = add i64 %i, 1
  br label %next
end:
  store atomic i64 0, ptr @stopping seq_cst, align 8
  store atomic i64 0, ptr @started seq_cst, align 8
  call i32 @pthread_mutex_unlock(ptr @busy)
  ret void
}}
"""
