// What limits this process, named for the person who set it: why no thread, no program and no more
// memory can be had.
//
// Thread: any, after look_at_cgroup().
#pragma once

#include <string>

namespace p2pd::base {

// Reads what is out of reach once the daemon is confined. At the start, before any other thread.
void look_at_cgroup();

// Why neither a thread nor a program can be started, and how to raise that.
std::string task_limit();
// Likewise for memory.
std::string memory_limit();

// From now on, memory that cannot be had ends the process with one line that names the limit, and
// with this exit code, not by an exception that nobody expects. (What asks for much at once asks in
// a way that may fail: see disk::BufferPool.)
constexpr int no_memory_exit = 1;
void end_without_memory();
// The end itself, for the allocators of libraries. Allocates nothing.
[[noreturn]] void no_memory();

} // namespace p2pd::base
