#include "daemon/io/pool.hpp"

#include "daemon/io/job.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <pthread.h>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <vector>

namespace p2pd::io {

namespace {

constexpr unsigned long most_threads = 1024; // libuv's

std::size_t tasks() {
  std::error_code failed;
  const std::filesystem::directory_iterator all("/proc/self/task", failed);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// pthread_create(3) has one code for both.
std::error_code shortage(int code) {
  std::size_t stack = 0;
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_getstacksize(&attributes, &stack);
  ::pthread_attr_destroy(&attributes);
  void* const probe =
      ::mmap(nullptr, stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) code = ENOMEM;
  if (probe != MAP_FAILED) ::munmap(probe, stack);
  return {code, std::system_category()};
}

} // namespace

std::size_t usual_threads() {
  const char* const set = std::getenv("UV_THREADPOOL_SIZE");
  const unsigned long given = set == nullptr ? 0 : std::strtoul(set, nullptr, 10);
  if (given > 0) return std::min(given, most_threads);
  return std::clamp(std::thread::hardware_concurrency() + 2, 4U, 64U);
}

// With the default stack, as libuv's. libc keeps the stacks for those that come next.
PoolSize try_threads(std::size_t wanted) {
  const std::size_t before = tasks();
  std::mutex held;
  std::vector<pthread_t> started;
  int code = 0;
  {
    const std::scoped_lock all_at_once(held);
    while (started.size() < wanted && code == 0) {
      pthread_t thread{};
      code = ::pthread_create(
          &thread, nullptr,
          [](void* mutex) -> void* {
            const std::scoped_lock turn(*static_cast<std::mutex*>(mutex));
            return nullptr;
          },
          &held);
      if (code == 0) started.push_back(thread);
    }
  }
  const std::error_code why = code == 0 ? std::error_code() : shortage(code);
  for (const pthread_t thread : started) ::pthread_join(thread, nullptr);
  // A thread that was joined counts against the limits until the kernel has let go of it.
  for (int looks = 0; looks < 1000 && tasks() > before; ++looks)
    std::this_thread::sleep_for(milliseconds(1));
  return {started.size(), why};
}

void start_pool(Loop& loop, std::size_t threads) {
  ::setenv("UV_THREADPOOL_SIZE", std::to_string(threads).c_str(), 1);
  const Job first = run(
      loop, [] { return true; }, [](bool) {});
}

} // namespace p2pd::io
