// libuv closes its descriptors by syscall(2), which ThreadSanitizer does not intercept: it would
// confuse the next file of that number with the closed one and report races. Here they are closed
// by close(2), which it intercepts. Only in builds with ThreadSanitizer.
#if defined(__SANITIZE_THREAD__)

#include <array>
#include <atomic>
#include <cstdarg>
#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using Syscall = long (*)(long, ...);
constinit std::atomic<Syscall> systems_own = nullptr; // of libc

} // namespace

extern "C" long syscall(long number, ...) noexcept {
  std::array<long, 6> values;
  va_list list;
  va_start(list, number);
  for (long& value : values) value = va_arg(list, long);
  va_end(list);
  if (number == SYS_close) return ::close(static_cast<int>(values[0]));
  Syscall own = systems_own.load();
  if (own == nullptr) {
    own = reinterpret_cast<Syscall>(::dlsym(RTLD_NEXT, "syscall"));
    systems_own.store(own);
  }
  return own(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

#endif
