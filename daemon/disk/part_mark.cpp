#include "daemon/disk/part_mark.hpp"

#include "daemon/disk/identity.hpp"
#include "daemon/disk/open.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::disk {

namespace {

struct Tag { // as it lies in memory
  std::uint64_t magic = 0;
  std::uint64_t line = 0;
  std::uint64_t step = 0;
  std::int64_t wrote_ns = 0;
};
static_assert(sizeof(Tag) == tag_size);
constexpr std::uint64_t earlier_tag_size = 24; // had no times

constexpr std::uint64_t magic = 0x6b72616d64703270; // "p2pdmark"

constexpr std::int64_t second_ns = 1'000'000'000;
// Writes that no sync came after are at most so much later than the last one.
constexpr std::int64_t unsynced_ns = 60 * second_ns;
// The kernel takes the times of files from a clock that goes by steps of up to 10 ms.
constexpr std::int64_t step_ns = 20'000'000;

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return nanoseconds(now);
}

// Where the tag begins in the file that has it.
off_t place_of_tag(const proto::Manifest& manifest) {
  return static_cast<off_t>(manifest.single_file() ? manifest.size : 0);
}

// Of one that is whole by chance it is said as well.
bool counts_whole_seconds(std::int64_t time_ns) {
  return time_ns % second_ns == 0;
}

bool changed_by_us_alone(const PartMark& saved, const PartMark& found, std::int64_t started_ns) {
  if (counts_whole_seconds(found.changed_ns)) return false;
  if (found.changed_ns == saved.changed_ns) return true;
  if (found.changed_ns < saved.changed_ns - step_ns) return false; // the clock was set back
  if (saved.wrote_ns != 0 && found.changed_ns <= found.wrote_ns + step_ns) return true;
  return found.changed_ns <= saved.changed_ns + unsynced_ns && found.changed_ns < started_ns;
}

Fd open_tag(int folder, const proto::Manifest& manifest, int flags) {
  return open_fd(folder, tag_name(manifest).c_str(), flags | O_NOFOLLOW | O_NONBLOCK, 0666);
}

} // namespace

// No entry of the tree has this name.
std::string tag_name(const proto::Manifest& manifest) {
  std::string name = ".p2pd-mark";
  while (std::ranges::find(manifest.entries, name, &proto::Entry::path) != manifest.entries.end())
    name += '~';
  return name;
}

std::int64_t machine_started_ns() {
  return now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME);
}

bool holds_what_was_synced(const PartMark& saved, const PartMark& found, std::int64_t started_ns) {
  return saved.line != 0 && found.line == saved.line && found.step >= saved.step &&
         (found.inode == saved.inode || found.inode == 0 || saved.inode == 0) &&
         (found.system == saved.system || found.system == 0 || saved.system == 0) &&
         changed_by_us_alone(saved, found, started_ns);
}

std::uint64_t new_line() {
  std::uint64_t line = 0;
  while (line == 0) ::randombytes_buf(&line, sizeof line);
  return line;
}

bool fits_part(std::uint64_t size, const proto::Manifest& manifest) {
  return size == 0 || size == manifest.size || size == manifest.size + tag_size ||
         size == manifest.size + earlier_tag_size;
}

Outcome put_tag(int part, const proto::Manifest& manifest, PartMark& mark,
                const std::string& path) {
  const Tag tag{magic, mark.line, mark.step, now_ns(CLOCK_REALTIME)};
  const Fd own = manifest.single_file() ? Fd() : open_tag(part, manifest, O_RDWR | O_CREAT);
  if (!manifest.single_file() && !own) return system_fault(errno, "mark", path);
  const int file = own ? own.get() : part;
  const ssize_t put = ::pwrite(file, &tag, sizeof tag, place_of_tag(manifest));
  if (put != static_cast<ssize_t>(sizeof tag))
    return system_fault(put < 0 ? errno : ENOSPC, "mark", path);
  struct stat status;
  if (::fstat(file, &status) != 0) return system_fault(errno, "look at", path);
  mark.changed_ns = nanoseconds(status.st_ctim);
  const bool same_clock = mark.changed_ns >= tag.wrote_ns - step_ns &&
                          mark.changed_ns <= now_ns(CLOCK_REALTIME) + step_ns;
  mark.wrote_ns = same_clock ? tag.wrote_ns : 0;
  return {};
}

void get_tag(int part, const proto::Manifest& manifest, PartMark& mark) {
  const Fd own = manifest.single_file() ? Fd() : open_tag(part, manifest, O_RDONLY);
  if (!manifest.single_file() && !own) return;
  Tag tag;
  const int file = own ? own.get() : part;
  if (::pread(file, &tag, sizeof tag, place_of_tag(manifest)) != sizeof tag || tag.magic != magic)
    return;
  mark.line = tag.line;
  mark.step = tag.step;
  mark.wrote_ns = tag.wrote_ns;
  struct stat status;
  if (own && ::fstat(own.get(), &status) == 0) mark.changed_ns = nanoseconds(status.st_ctim);
}

Outcome remove_tag(int part, const proto::Manifest& manifest, const std::string& path) {
  if (manifest.single_file()) {
    if (::ftruncate(part, static_cast<off_t>(manifest.size)) == 0) return {};
    return system_fault(errno, "set the size of", path);
  }
  if (::unlinkat(part, tag_name(manifest).c_str(), 0) == 0 || errno == ENOENT) return {};
  return system_fault(errno, "remove the mark in", path);
}

void note_writing(int file, const proto::Manifest& manifest, std::int64_t for_ns) {
  const std::int64_t until = now_ns(CLOCK_REALTIME) + for_ns;
  const off_t at = place_of_tag(manifest) + static_cast<off_t>(offsetof(Tag, wrote_ns));
  static_cast<void>(::pwrite(file, &until, sizeof until, at));
}

} // namespace p2pd::disk
