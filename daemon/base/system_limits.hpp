// The system limits of this process, described for the person who has to raise them: why a thread
// or program cannot be started, or memory not be allocated.
//
// Thread: any, after look_at_cgroup().
#pragma once

#include <string>

namespace p2pd::base {

// Reads what a confined daemon cannot. At the start, before any other thread.
void look_at_cgroup();

// Why no thread or program can be started, and how to raise that limit.
std::string task_limit();
// Likewise for memory.
std::string memory_limit();

// From now on a failed allocation ends the process with one line that names the limit, and with
// this exit code, instead of an exception that nothing handles. (Large allocations handle failure
// themselves: see disk::BufferPool.)
constexpr int no_memory_exit = 1;
void end_without_memory();
// Ends it so; for the allocators of libraries. Allocates nothing.
[[noreturn]] void no_memory();

} // namespace p2pd::base
