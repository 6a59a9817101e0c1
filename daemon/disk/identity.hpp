// What identified a file when it was read: while size, time and inode are the same, so are its
// bytes. The device is not part of it: its number may change with a reboot. Thread: any; values
// only. Units: bytes, nanoseconds since the epoch.
#pragma once

#include <cstdint>
#include <limits>
#include <sys/stat.h>

namespace p2pd::disk {

// Saturates where a file system's time exceeds 64 bits, beyond the year 2262.
inline std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / second - 1;
  if (time.tv_sec > most) return most * second;
  if (time.tv_sec < -most) return -most * second;
  return time.tv_sec * second + time.tv_nsec;
}

inline timespec time_of(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t rest = nanoseconds % second;
  return rest < 0 ? timespec{nanoseconds / second - 1, rest + second}
                  : timespec{nanoseconds / second, rest};
}

struct Identity {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0;
  // ctime: whoever overwrites a file can restore its mtime, but not this. It also changes with
  // mode, owner and link count, so it is compared only after a restart, when changes may have gone
  // unnoticed. 0: not known. For several files the latest is enough.
  std::int64_t changed_ns = 0;

  Identity() = default;
  explicit Identity(const struct stat& status)
      : size(static_cast<std::uint64_t>(status.st_size))
      , mtime_ns(nanoseconds(status.st_mtim))
      , inode(status.st_ino)
      , changed_ns(nanoseconds(status.st_ctim)) {}
  bool operator==(const Identity& other) const {
    return size == other.size && mtime_ns == other.mtime_ns && inode == other.inode;
  }
  bool changed_since(const Identity& saved) const {
    return saved.changed_ns != 0 && changed_ns > saved.changed_ns;
  }
};

} // namespace p2pd::disk
