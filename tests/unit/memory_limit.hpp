// RLIMIT_AS for a moment: so many bytes more than the process has mapped, and no more. A sanitizer
// cannot live with that, so tests that use it are skipped there.
#pragma once

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace p2pd {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool memory_can_be_limited = false;
#else
constexpr bool memory_can_be_limited = true;
#endif

class MemoryLimit final {
 public:
  explicit MemoryLimit(std::size_t more) {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    ::getrlimit(RLIMIT_AS, &before_);
    const rlimit now{pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + more,
                     before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &now);
  }
  ~MemoryLimit() { lift(); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

  void lift() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

} // namespace p2pd
