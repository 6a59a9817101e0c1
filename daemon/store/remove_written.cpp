#include "daemon/store/remove_written.hpp"

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/digest.hpp"
#include "daemon/disk/meaning.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/file_set.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/stat.h>

namespace p2pd::store {

namespace {

using proto::Entry;

constexpr int read_root = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

// Whether this errno leaves open what is there. Where p2pd may not look, others have been at it.
bool says_nothing(int error_number) {
  return disk::passes(disk::meaning_of(error_number)) && error_number != EACCES &&
         error_number != EPERM;
}

// Which mount something lies in; a bind mount is another one than what it shows.
std::uint64_t mount_of(int fd) {
  struct statx status {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0) return 0;
  if ((status.stx_mask & STATX_MNT_ID) != 0) return status.stx_mnt_id;
  return std::uint64_t{status.stx_dev_major} << 32 | status.stx_dev_minor; // before Linux 5.8
}

// Which files are as they were written; asked for all of them before the first is removed, since
// the chunks of one may reach into others.
class Comparison {
 public:
  Comparison(disk::Fd root, const std::string& path, const Layout& layout,
             const std::vector<disk::Identity>& identities)
      : files_(std::move(root), FileSet::Access::read, path, layout, {})
      , identities_(identities)
      , chunks_(layout.manifest().chunks())
      , scratch_(layout.manifest().chunk_size) {}

  // Something could not be read for now, so what is told of it is no verdict.
  bool barred() const { return barred_; }

  bool as_written(Layout::FileIndex file, const struct stat& status) {
    const disk::Identity now(status);
    if (!S_ISREG(status.st_mode)) return false;
    if (identities_.empty() || now == identities_[file]) return true;
    return now.size == identities_[file].size && right(file);
  }

 private:
  enum class Chunk : std::uint8_t { unread, right, wrong };

  bool right(Layout::FileIndex file) {
    const Layout& layout = files_.layout();
    const std::uint64_t begin = layout.start(file);
    const std::uint64_t end = begin + layout.size(file);
    const std::uint32_t chunk_size = layout.manifest().chunk_size;
    for (std::uint64_t at = begin / chunk_size; at * chunk_size < end; ++at)
      if (!right_chunk(static_cast<std::uint32_t>(at))) return false;
    return true;
  }

  bool right_chunk(std::uint32_t index) {
    if (chunks_[index] == Chunk::unread) {
      const proto::Manifest& manifest = files_.layout().manifest();
      const proto::ChunkIndex chunk{index};
      const proto::MutableView bytes = proto::MutableView(scratch_).first(manifest.length(chunk));
      const iovec into{bytes.data(), bytes.size()};
      const disk::Outcome read = files_.read(manifest.offset(chunk), {&into, 1});
      barred_ = barred_ || (!read && says_nothing(read.fault().code.value()));
      chunks_[index] =
          read && disk::chunk_hash(bytes) == manifest.hashes[index] ? Chunk::right : Chunk::wrong;
    }
    return chunks_[index] == Chunk::right;
  }

  const FileSet files_;
  const std::vector<disk::Identity>& identities_;
  std::vector<Chunk> chunks_;
  proto::Bytes scratch_;
  bool barred_ = false;
};

class TreeRemoval {
 public:
  TreeRemoval(disk::Fd root, const std::string& path, const Layout& layout)
      : root_(std::move(root)), mount_(mount_of(root_.get())), path_(path), layout_(layout) {}

  Rest run(const std::vector<disk::Identity>& identities, const std::stop_token& stop) {
    if (const Rest compared = compare(identities, stop); compared != Rest::none) return compared;
    const std::vector<Entry>& entries = layout_.manifest().entries;
    Layout::FileIndex file = layout_.files();
    for (std::size_t i = entries.size(); i-- > 0;) { // what is in a folder stands behind it
      if (stop.stop_requested()) return Rest::unknown;
      const Entry& entry = entries[i];
      const bool is_file = entry.kind == Entry::Kind::file || entry.kind == Entry::Kind::executable;
      if (is_file) --file;
      if (!layout_.has_entry(i) || !reach(entry.path)) continue;
      if (is_file && as_written_[file]) ::unlinkat(at_, leaf_, 0);
      if (entry.kind == Entry::Kind::symlink && leads_to(entry.target)) ::unlinkat(at_, leaf_, 0);
      if (entry.kind == Entry::Kind::folder) ::unlinkat(at_, leaf_, AT_REMOVEDIR);
    }
    return Rest::none;
  }

 private:
  // None: it is known which files are as they were written.
  Rest compare(const std::vector<disk::Identity>& identities, const std::stop_token& stop) {
    disk::Fd root = disk::open_fd(root_.get(), ".", O_RDONLY | O_DIRECTORY);
    if (!root) return Rest::later;
    Comparison comparison(std::move(root), path_, layout_, identities);
    as_written_.resize(layout_.files());
    for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
      if (stop.stop_requested()) return Rest::unknown;
      if (!layout_.has_file(file)) continue;
      struct stat status;
      errno = 0;
      const bool there =
          reach(layout_.path(file)) && ::fstatat(at_, leaf_, &status, AT_SYMLINK_NOFOLLOW) == 0;
      if (!there && says_nothing(errno)) return Rest::later;
      as_written_[file] = there && comparison.as_written(file, status);
      if (comparison.barred()) return Rest::later;
    }
    return Rest::none;
  }

  // To the folder of an entry, within the file system of the tree.
  bool reach(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    leaf_ = slash == std::string::npos ? path.c_str() : path.c_str() + slash + 1;
    at_ = root_.get();
    if (slash == std::string::npos) return true;
    if (path.compare(0, slash, folder_path_) != 0) {
      folder_path_ = path.substr(0, slash);
      folder_ = disk::open_beneath(root_.get(), folder_path_, O_PATH | O_DIRECTORY | O_NOFOLLOW,
                                   disk::Links::refuse);
      if (folder_ && mount_of(folder_.get()) != mount_) folder_ = disk::Fd();
    }
    at_ = folder_.get();
    return folder_.valid();
  }

  bool leads_to(const std::string& target) const {
    std::array<char, PATH_MAX> found;
    const ssize_t length = ::readlinkat(at_, leaf_, found.data(), found.size());
    return length >= 0 &&
           target == std::string_view(found.data(), static_cast<std::size_t>(length));
  }

  const disk::Fd root_;
  const std::uint64_t mount_;
  const std::string& path_;
  const Layout& layout_;
  std::vector<bool> as_written_; // by file
  std::string folder_path_;      // which folder is open
  disk::Fd folder_;
  int at_ = -1;
  const char* leaf_ = nullptr;
};

Rest rest_after(bool removed) {
  return removed || errno == ENOENT ? Rest::none : Rest::strange;
}

} // namespace

Rest remove_written(int folder, const std::string& leaf, const std::string& path,
                    const Layout& layout, const std::vector<disk::Identity>& identities,
                    const std::stop_token& stop) {
  const bool tree = !layout.manifest().single_file();
  if (!identities.empty() && identities.size() != layout.files()) return Rest::strange;
  disk::Fd root = disk::open_fd(folder, leaf.c_str(), read_root | (tree ? O_DIRECTORY : 0));
  if (!root && says_nothing(errno)) return Rest::later;
  if (!root) return rest_after(false);
  if (tree) {
    const Rest walked = TreeRemoval(std::move(root), path, layout).run(identities, stop);
    return walked == Rest::none ? rest_after(::unlinkat(folder, leaf.c_str(), AT_REMOVEDIR) == 0)
                                : walked;
  }
  struct stat status;
  if (::fstat(root.get(), &status) != 0) return Rest::later;
  Comparison comparison(std::move(root), path, layout, identities);
  const bool own = comparison.as_written(0, status);
  if (comparison.barred()) return Rest::later;
  return own ? rest_after(::unlinkat(folder, leaf.c_str(), 0) == 0) : Rest::strange;
}

Rest rest_of(int folder, const std::string& leaf) {
  if (disk::key_of(folder, leaf)) return Rest::strange;
  return says_nothing(errno) ? Rest::later : Rest::none;
}

} // namespace p2pd::store
