#include "daemon/base/system_limits.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <limits>
#include <new>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace p2pd::base {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t mebibyte = 1 << 20;

std::uint64_t cgroup_tasks = unlimited; // the least pids.max of this cgroup and those above it

std::uint64_t limit_of(decltype(RLIMIT_AS) resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return unlimited;
  return limit.rlim_cur == RLIM_INFINITY ? unlimited : limit.rlim_cur;
}

std::uint64_t number_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::uint64_t number = 0;
  return in >> number ? number : unlimited; // "max", or none
}

struct Memory { // of this process, in bytes
  std::uint64_t address_space = 0;
  std::uint64_t data = 0;
};

// See proc_pid_statm(5). Allocates nothing.
Memory memory_in_use() {
  std::array<char, 256> text{};
  const int fd = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  const ssize_t size = fd < 0 ? 0 : ::read(fd, text.data(), text.size() - 1);
  if (fd >= 0) ::close(fd);
  std::array<std::uint64_t, 7> fields{};
  const char* at = text.data();
  const char* const end = at + (size > 0 ? size : 0);
  for (std::uint64_t& field : fields) {
    at = std::from_chars(at, end, field).ptr;
    if (at < end) ++at;
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {fields[0] * page, fields[5] * page};
}

struct Line {
  std::array<char, 400> text;
  std::size_t size = 0;
  std::string_view view() const { return {text.data(), size}; }
};

template <class... Arguments>
Line line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  Line made;
  const auto end = fmt::format_to_n(made.text.data(), made.text.size(), format,
                                    std::forward<Arguments>(arguments)...);
  made.size = std::min(end.size, made.text.size());
  return made;
}

// The one that is nearest.
Line memory_line() {
  const std::uint64_t space = limit_of(RLIMIT_AS);
  const std::uint64_t data = limit_of(RLIMIT_DATA);
  const Memory used = memory_in_use();
  const auto left = [](std::uint64_t limit, std::uint64_t in_use) {
    return limit == unlimited ? unlimited : limit - std::min(limit, in_use);
  };
  if (space == unlimited && data == unlimited)
    return line("the machine has no more memory to give; lower [limits] memory, or stop what else "
                "runs there");
  if (left(space, used.address_space) <= left(data, used.data))
    return line("the limit on address space is reached (RLIMIT_AS, {} MiB); raise LimitAS= of the "
                "service, or ulimit -v, or lower [limits] memory",
                space / mebibyte);
  return line(
      "the limit on data is reached (RLIMIT_DATA, {} MiB); raise LimitDATA= of the service, "
      "or ulimit -d, or lower [limits] memory",
      data / mebibyte);
}

// An exception that says so can come out of any library.
[[noreturn]] void on_terminate() {
  try {
    if (std::current_exception() != nullptr) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    no_memory();
  } catch (...) { // a bug
  }
  std::abort();
}

} // namespace

void look_at_cgroup() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string entry; std::getline(groups, entry);) {
    const bool old = entry.find(":pids:") != std::string::npos;
    if (!old && !entry.starts_with("0::")) continue;
    const std::filesystem::path root = old ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
    std::filesystem::path at = entry.substr(entry.rfind(':') + 1);
    for (;; at = at.parent_path()) {
      cgroup_tasks = std::min(cgroup_tasks, number_in(root / at.relative_path() / "pids.max"));
      if (!at.has_relative_path()) break;
    }
  }
}

std::string task_limit() {
  const std::uint64_t user = limit_of(RLIMIT_NPROC);
  if (user == unlimited && cgroup_tasks == unlimited)
    return "the machine has as many threads as it allows (sysctl kernel.threads-max, "
           "kernel.pid_max)";
  if (user < cgroup_tasks)
    return fmt::format("the limit on this user's processes is reached (RLIMIT_NPROC, {}); raise "
                       "LimitNPROC= of the service, or ulimit -u",
                       user);
  return fmt::format("the limit on tasks of the control group is reached (pids.max, {}); raise "
                     "TasksMax= of the service, or --pids-limit of the container",
                     cgroup_tasks);
}

std::string memory_limit() {
  return std::string(memory_line().view());
}

void no_memory() {
  const Line reason = memory_line();
  const Line said = line("p2pd: out of memory: {}\n", reason.view());
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, said.text.data(), said.size);
  ::_exit(no_memory_exit);
}

void end_without_memory() {
  std::set_new_handler(no_memory);
  std::set_terminate(on_terminate);
}

} // namespace p2pd::base
