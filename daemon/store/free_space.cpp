#include "daemon/store/free_space.hpp"

#include "daemon/disk/digest.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

namespace p2pd::store {

namespace {

constexpr std::uint64_t worth_reserving = 256
                                          << 10;   // a smaller file costs more calls than it gains
constexpr std::uint64_t most_at_once = 1ULL << 30; // so that a stop is seen between the calls

// Calls action(first, length) for every row of chunks that are not zeros and satisfy `are`, as long
// as it says true.
template <class Are, class Action>
void each_dense_row(const proto::Manifest& manifest, Are&& are, Action&& action) {
  const auto counts = [&](std::uint32_t i) {
    return are(i) && !disk::is_zero_chunk(manifest, proto::ChunkIndex{i});
  };
  bool go_on = true;
  for (std::uint32_t i = 0; go_on && i < manifest.chunks();) {
    const std::uint32_t first = i;
    std::uint64_t length = 0;
    for (; i < manifest.chunks() && counts(i); ++i) length += manifest.length(proto::ChunkIndex{i});
    if (i == first)
      ++i;
    else
      go_on = action(manifest.offset(proto::ChunkIndex{first}), length);
  }
}

// The same, action(piece) for every piece of them that is here.
template <class Are, class Action>
void each_dense_piece(const Layout& layout, Are&& are, Action&& action) {
  each_dense_row(layout.manifest(), are, [&](proto::ByteOffset first, std::uint64_t length) {
    return layout.each_piece(first, length, [&](const Layout::Piece& piece) {
      return !layout.has_file(piece.file) || action(piece);
    });
  });
}

constexpr auto every_chunk = [](std::uint32_t) { return true; };

Space needed(const Layout& layout, std::uint64_t block) {
  Space space;
  each_dense_piece(layout, every_chunk, [&](const Layout::Piece& piece) {
    space.bytes += (piece.length + block - 1) / block * block;
    return true;
  });
  const std::vector<proto::Entry>& entries = layout.manifest().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!layout.has_entry(i)) continue;
    ++space.files;
    if (entries[i].kind == proto::Entry::Kind::folder) space.bytes += block;
  }
  return space;
}

std::string size_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (size >= 1e9) return fmt::format("{:.1f} GB", size / 1e9);
  if (size >= 1e6) return fmt::format("{:.1f} MB", size / 1e6);
  return fmt::format("{} bytes", bytes);
}

disk::Fault no_space(const std::string& path, const std::string& needs,
                     const std::string& is_free) {
  return disk::fault(ENOSPC,
                     fmt::format("{} needs {}, and {} free there; free some space or choose "
                                 "another place with -o",
                                 disk::in_quotes(path), needs, is_free));
}

} // namespace

disk::Outcome check_free_space(int folder, const Layout& layout, Space taken,
                               const std::string& path) {
  struct statvfs there;
  if (::fstatvfs(folder, &there) != 0)
    return disk::system_fault(errno, "look at the space for", path);
  const Space need = needed(layout, std::max<std::uint64_t>(there.f_bsize, 512));
  const std::uint64_t bytes = need.bytes - std::min(need.bytes, taken.bytes);
  const std::uint64_t files = need.files - std::min(need.files, taken.files);
  const std::uint64_t is_free = std::uint64_t{there.f_bavail} * there.f_frsize;
  if (bytes > is_free) return no_space(path, size_text(bytes), size_text(is_free) + " are");
  // Some file systems make room for files as they come, and count none.
  if (there.f_files != 0 && files > there.f_favail)
    return no_space(path, fmt::format("{} files", files), fmt::format("{} are", there.f_favail));
  return {};
}

disk::Outcome check_free_space_with_holes(int folder, const Layout& layout,
                                          const std::string& path) {
  struct statvfs there;
  if (::fstatvfs(folder, &there) != 0)
    return disk::system_fault(errno, "look at the space for", path);
  std::uint64_t bytes = 0;
  for (Layout::FileIndex file = 0; file < layout.files(); ++file)
    if (layout.has_file(file)) bytes += layout.size(file);
  const std::uint64_t is_free = std::uint64_t{there.f_bavail} * there.f_frsize;
  if (bytes <= is_free) return {};
  return no_space(path, size_text(bytes) + ", its holes included", size_text(is_free) + " are");
}

void count_holes(const FileSet& files, const MissingChunks& missing) {
  each_dense_row(
      files.layout().manifest(), [&](std::uint32_t chunk) { return !missing[chunk]; },
      [&](proto::ByteOffset first, std::uint64_t length) {
        files.count_holes(first, length);
        return true;
      });
}

disk::Outcome reserve(const FileSet& files, const MissingChunks& missing,
                      const std::stop_token& stop) {
  // There the pages themselves would be taken, one by one, and nothing be fetched before: a fetch
  // of 1 GiB takes 6 % longer.
  struct statfs system;
  if (::fstatfs(files.root(), &system) == 0 && system.f_type == TMPFS_MAGIC) return {};
  disk::Outcome outcome;
  const auto is_missing = [&](std::uint32_t chunk) { return missing[chunk]; };
  each_dense_piece(files.layout(), is_missing, [&](Layout::Piece piece) {
    if (piece.length < worth_reserving) return true;
    const disk::Result<disk::SharedFd> fd = files.open(piece.file);
    if (!fd) {
      outcome = fd.fault();
      return false;
    }
    while (piece.length > 0) {
      if (stop.stop_requested()) {
        outcome = disk::fault(ECANCELED, "stopped");
        return false;
      }
      const std::uint64_t part = std::min(piece.length, most_at_once);
      if (::fallocate((*fd)->get(), 0, static_cast<off_t>(piece.offset),
                      static_cast<off_t>(part)) != 0) {
        if (errno == EINTR) continue;
        if (errno == EOPNOTSUPP) return false; // then space is taken as it is written
        outcome = disk::system_fault(errno, "reserve space for", files.path_of(piece.file));
        return false;
      }
      piece.offset += part;
      piece.length -= part;
    }
    return true;
  });
  return outcome;
}

} // namespace p2pd::store
