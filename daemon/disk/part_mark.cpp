#include "daemon/disk/part_mark.hpp"

#include "daemon/disk/identity.hpp"
#include "daemon/disk/open.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::disk {

namespace {

using Tag = std::array<std::uint64_t, 3>; // as it lies in memory: magic, line, step
static_assert(sizeof(Tag) == tag_size);

constexpr std::uint64_t magic = 0x6b72616d64703270; // "p2pdmark"

// How much later than the last sync unsynced writes may be.
constexpr std::int64_t unsynced_ns = 60'000'000'000;

// Of a tree; no entry of it has this name.
std::string tag_name(const proto::Manifest& manifest) {
  std::string name = ".p2pd-mark";
  while (std::ranges::find(manifest.entries, name, &proto::Entry::path) != manifest.entries.end())
    name += '~';
  return name;
}

Fd open_tag(int folder, const proto::Manifest& manifest, int flags) {
  return open_fd(folder, tag_name(manifest).c_str(), flags | O_NOFOLLOW | O_NONBLOCK, 0666);
}

} // namespace

bool holds_what_was_synced(const PartMark& saved, const PartMark& found) {
  return saved.line != 0 && found.line == saved.line && found.step >= saved.step &&
         (found.inode == saved.inode || found.inode == 0 || saved.inode == 0) &&
         (found.system == saved.system || found.system == 0 || saved.system == 0) &&
         found.changed_ns <= saved.changed_ns + unsynced_ns;
}

std::uint64_t new_line() {
  std::uint64_t line = 0;
  while (line == 0) ::randombytes_buf(&line, sizeof line);
  return line;
}

bool fits_part(std::uint64_t size, const proto::Manifest& manifest) {
  return size == 0 || size == manifest.size || size == manifest.size + tag_size;
}

Outcome put_tag(int part, const proto::Manifest& manifest, PartMark& mark,
                const std::string& path) {
  const Tag tag{magic, mark.line, mark.step};
  const Fd own = manifest.single_file() ? Fd() : open_tag(part, manifest, O_RDWR | O_CREAT);
  if (!manifest.single_file() && !own) return system_fault(errno, "mark", path);
  const int file = own ? own.get() : part;
  const auto at = static_cast<off_t>(manifest.single_file() ? manifest.size : 0);
  const ssize_t put = ::pwrite(file, tag.data(), sizeof tag, at);
  if (put != static_cast<ssize_t>(sizeof tag))
    return system_fault(put < 0 ? errno : ENOSPC, "mark", path);
  struct stat status;
  if (::fstat(file, &status) != 0) return system_fault(errno, "look at", path);
  mark.changed_ns = nanoseconds(status.st_ctim);
  return {};
}

void get_tag(int part, const proto::Manifest& manifest, PartMark& mark) {
  const Fd own = manifest.single_file() ? Fd() : open_tag(part, manifest, O_RDONLY);
  if (!manifest.single_file() && !own) return;
  const auto at = static_cast<off_t>(manifest.single_file() ? manifest.size : 0);
  Tag tag{};
  if (::pread(own ? own.get() : part, tag.data(), sizeof tag, at) != sizeof tag || tag[0] != magic)
    return;
  mark.line = tag[1];
  mark.step = tag[2];
}

Outcome remove_tag(int part, const proto::Manifest& manifest, const std::string& path) {
  if (manifest.single_file()) {
    if (::ftruncate(part, static_cast<off_t>(manifest.size)) == 0) return {};
    return system_fault(errno, "set the size of", path);
  }
  if (::unlinkat(part, tag_name(manifest).c_str(), 0) == 0 || errno == ENOENT) return {};
  return system_fault(errno, "remove the mark in", path);
}

} // namespace p2pd::disk
