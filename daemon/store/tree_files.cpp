#include "daemon/store/tree_files.hpp"

#include "daemon/disk/digest.hpp"
#include "daemon/disk/give_to.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/whereabouts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/core.h>
#include <unordered_set>

namespace p2pd::store {

namespace {

using proto::Entry;

// Zeros need no file to be what they are.
void lose(const Layout& layout, Layout::FileIndex file, std::vector<bool>& lost) {
  const proto::Manifest& manifest = layout.manifest();
  const std::uint64_t end = layout.start(file) + layout.size(file);
  for (std::uint64_t at = layout.start(file); at < end;) {
    const proto::ChunkIndex chunk{static_cast<std::uint32_t>(at / manifest.chunk_size)};
    if (!disk::is_zero_chunk(manifest, chunk)) lost[number(chunk)] = true;
    at = number(manifest.offset(chunk)) + manifest.length(chunk);
  }
}

} // namespace

disk::Result<TreeFiles::Spot> TreeFiles::spot(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return Spot{root_, path.c_str()};
  if (!open_ || path.compare(0, slash, open_path_) != 0) {
    open_path_ = path.substr(0, slash);
    open_ = disk::open_beneath(root_, open_path_, O_PATH | O_DIRECTORY | O_NOFOLLOW,
                               disk::Links::refuse);
    if (!open_) return disk::system_fault(errno, "open", path_ + '/' + open_path_);
  }
  return Spot{open_.get(), path.c_str() + slash + 1};
}

disk::Outcome TreeFiles::make_folders(const std::stop_token& stop) {
  const std::vector<Entry>& entries = layout_.manifest().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    if (entries[i].kind != Entry::Kind::folder || !layout_.has_entry(i)) continue;
    if (disk::Outcome made = make_folder(entries[i]); !made)
      return made.fault().is(EEXIST) ? in_the_way(entries[i]) : made;
  }
  return {};
}

disk::Outcome TreeFiles::make_folder(const Entry& entry) {
  const disk::Result<Spot> at = spot(entry.path);
  if (!at) return at.fault();
  if (::mkdirat(at->folder, at->leaf, 0777) != 0) return disk::make_fault(errno, full(entry));
  return disk::give_to(group_, at->folder, at->leaf, full(entry));
}

disk::Fault TreeFiles::in_the_way(const Entry& late) {
  const std::vector<Entry>& entries = layout_.manifest().entries;
  const disk::Result<Spot> at = spot(late.path);
  if (!at) return at.fault();
  const auto [folder, leaf] = *at;
  const std::optional<disk::FileKey> there = disk::key_of(folder, leaf);
  const disk::Split name = disk::split(late.path);
  for (std::size_t i = 0; there && &entries[i] != &late; ++i) {
    if (!layout_.has_entry(i) || disk::split(entries[i].path).folder != name.folder) continue;
    if (disk::key_of(folder, disk::split(entries[i].path).leaf) == there)
      return disk::fault(
          EEXIST, fmt::format("{} and {} are one name on the file system of {}; fetch to one "
                              "that tells them apart, or some of the files with --only",
                              disk::in_quotes(entries[i].path), disk::in_quotes(late.path),
                              disk::in_quotes(path_)));
  }
  return disk::fault(EEXIST,
                     fmt::format("{} was made by somebody else just now; choose another place with "
                                 "-o",
                                 disk::in_quotes(full(late))));
}

disk::Result<TreeFiles::Adopted> TreeFiles::adopt(Unmade& unmade, const std::stop_token& stop) {
  const proto::Manifest& manifest = layout_.manifest();
  Adopted adopted{{}, std::vector<bool>(manifest.chunks()), 0};
  std::unordered_set<std::uint64_t> inodes;
  Layout::FileIndex next = 0;
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    const Entry& entry = manifest.entries[i];
    const Layout::FileIndex file = entry.is_file() ? next++ : 0;
    if (!layout_.has_entry(i)) continue;
    const disk::Result<Spot> at = spot(entry.path);
    if (!at) return at.fault();
    const auto [folder, leaf] = *at;
    struct stat status;
    if (::fstatat(folder, leaf, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) return disk::system_fault(errno, "look at", full(entry));
      if (entry.is_file()) lose(layout_, file, adopted.lost);
      if (entry.kind == Entry::Kind::folder)
        if (disk::Outcome made = make_folder(entry); !made) return made.fault();
      continue;
    }
    const mode_t kind = entry.is_file()                     ? S_IFREG
                        : entry.kind == Entry::Kind::folder ? S_IFDIR
                                                            : S_IFLNK;
    if ((status.st_mode & S_IFMT) != kind || (kind == S_IFREG && status.st_nlink > 1))
      return disk::fault(EEXIST, fmt::format("{} is not what p2pd made there; move it away",
                                             disk::in_quotes(full(entry))));
    ++adopted.taken.files;
    adopted.taken.bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    if (kind != S_IFREG) continue;
    adopted.changed_ns = std::max(adopted.changed_ns, disk::nanoseconds(status.st_ctim));
    if (!inodes.insert(status.st_ino).second) return in_the_way(entry);
    if (static_cast<std::uint64_t>(status.st_size) != entry.size) {
      lose(layout_, file, adopted.lost);
      const disk::Fd fd = disk::open_fd(folder, leaf, O_WRONLY | O_NOFOLLOW);
      if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(entry.size)) != 0)
        return disk::system_fault(errno, "set the size of", full(entry));
    }
    unmade.found(file);
  }
  return adopted;
}

disk::Outcome TreeFiles::make_symlink(const Entry& entry) {
  const disk::Result<Spot> at = spot(entry.path);
  if (!at) return at.fault();
  const auto [folder, leaf] = *at;
  if (::symlinkat(entry.target.c_str(), folder, leaf) == 0)
    return disk::give_to(group_, folder, leaf, full(entry));
  const int cause = errno;
  std::array<char, PATH_MAX> target;
  const ssize_t length = ::readlinkat(folder, leaf, target.data(), target.size());
  const bool same =
      length >= 0 &&
      entry.target == std::string_view(target.data(), static_cast<std::size_t>(length));
  if (cause == EEXIST && same) return {}; // made before the daemon was stopped
  return disk::make_fault(cause, full(entry));
}

// Folders get their times at last and from the inside out: whatever is made in one changes its
// time.
disk::Result<std::vector<disk::Identity>> TreeFiles::complete() {
  std::vector<disk::Identity> identities;
  identities.reserve(layout_.files());
  const std::vector<Entry>& entries = layout_.manifest().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (!layout_.has_entry(i)) {
      if (entry.is_file()) identities.emplace_back();
      continue;
    }
    if (entry.kind == Entry::Kind::symlink)
      if (disk::Outcome made = make_symlink(entry); !made) return made.fault();
    if (!entry.is_file()) continue;
    const disk::Result<struct stat> status = complete_file(entry);
    if (!status) return status.fault();
    identities.emplace_back(*status);
  }
  for (std::size_t i = entries.size(); i-- > 0;) {
    const Entry& entry = entries[i];
    if (entry.kind != Entry::Kind::folder || !layout_.has_entry(i)) continue;
    const disk::Result<Spot> at = spot(entry.path);
    if (!at) return at.fault();
    const auto [folder, leaf] = *at;
    const timespec times[2] = {{0, UTIME_OMIT}, disk::time_of(entry.mtime_ns)};
    if (::utimensat(folder, leaf, times, AT_SYMLINK_NOFOLLOW) != 0)
      return disk::system_fault(errno, "set the time of", full(entry));
  }
  return identities;
}

// What was written in one piece has its time already.
disk::Result<struct stat> TreeFiles::complete_file(const Entry& entry) {
  const disk::Result<Spot> at = spot(entry.path);
  if (!at) return at.fault();
  const auto [folder, leaf] = *at;
  struct stat status {};
  bool looked = ::fstatat(folder, leaf, &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (looked && disk::nanoseconds(status.st_mtim) != entry.mtime_ns) {
    const timespec times[2] = {{0, UTIME_OMIT}, disk::time_of(entry.mtime_ns)};
    looked = ::utimensat(folder, leaf, times, AT_SYMLINK_NOFOLLOW) == 0 &&
             ::fstatat(folder, leaf, &status, AT_SYMLINK_NOFOLLOW) == 0;
  }
  if (!looked) return disk::system_fault(errno, "set the time of", full(entry));
  if (static_cast<std::uint64_t>(status.st_size) != entry.size)
    return disk::fault(ESTALE, fmt::format("{} has another size than it was given; fetch it again",
                                           disk::in_quotes(full(entry))));
  return status;
}

// What others put into the folders stays, and so do the folders around it.
void TreeFiles::remove() {
  const std::vector<Entry>& entries = layout_.manifest().entries;
  for (std::size_t i = entries.size(); i-- > 0;) {
    if (!layout_.has_entry(i)) continue;
    const int flags = entries[i].kind == Entry::Kind::folder ? AT_REMOVEDIR : 0;
    if (const disk::Result<Spot> at = spot(entries[i].path))
      ::unlinkat(at->folder, at->leaf, flags);
  }
}

} // namespace p2pd::store
