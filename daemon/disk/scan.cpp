#include "daemon/disk/scan.hpp"

#include "daemon/disk/names.hpp"
#include "daemon/disk/whereabouts.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::disk {

namespace {

using proto::Entry;

Fault too_much(const std::string& path, std::string_view what) {
  return fault(EFBIG, fmt::format("{} is too much for one content ({}); publish parts of it",
                                  in_quotes(path), what));
}

class TreeScan {
 public:
  TreeScan(const Folders::Opened& opened, const std::string& path, std::stop_token stop)
      : root_(opened.fd.get()), guard_(opened.guard), top_(path), stop_(std::move(stop)) {}

  Outcome run() {
    if (Outcome walked = folder(""); !walked) return walked;
    if (manifest_->entries.empty())
      return fault(ENODATA,
                   fmt::format("{} holds nothing; put something into it first", in_quotes(top_)));
    return {};
  }

  Scanned take() { return {std::move(manifest_), std::move(identities_)}; }

 private:
  struct Found {
    Entry entry;
    Identity identity;
  };

  // All that is in one folder is looked at first and its descriptor closed, so that a deep tree
  // needs no more of them than a flat one.
  Outcome folder(const std::string& path) {
    std::vector<Found> found;
    if (Outcome read = list(path, found); !read) return read;
    for (Found& each : found) {
      const bool is_folder = each.entry.kind == Entry::Kind::folder;
      const std::string inner = is_folder ? each.entry.path : "";
      if (Outcome added = add(std::move(each)); !added) return added;
      if (!is_folder) continue;
      if (Outcome walked = folder(inner); !walked) return walked;
    }
    return {};
  }

  Outcome list(const std::string& path, std::vector<Found>& found) {
    const Fd fd = open_beneath(root_, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, Links::refuse);
    if (!fd) return system_fault(errno, "open", full(path));
    const Result<std::vector<std::string>> names = names_in(fd.get(), full(path));
    if (!names) return names.fault();
    found.reserve(names->size());
    for (const std::string& name : *names) {
      if (stop_.stop_requested()) return fault(ECANCELED, "stopped");
      Result<Found> looked = look(fd.get(), name, joined(path, name));
      if (!looked) return looked.fault();
      found.push_back(std::move(*looked));
    }
    return {};
  }

  Result<Found> look(int folder, const std::string& name, std::string path) {
    if (!proto::safe_path(path))
      return fault(ENAMETOOLONG,
                   fmt::format("{} is too long a path for a content; publish a folder inside of it",
                               in_quotes(full(path))));
    struct stat status;
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      return system_fault(errno, "look at", full(path));
    if (Outcome admitted = guard_.admit(status, full(path)); !admitted) return admitted.fault();
    Found found{{}, Identity(status)};
    Entry& entry = found.entry;
    entry.path = std::move(path);
    entry.mtime_ns = found.identity.mtime_ns;
    if (S_ISREG(status.st_mode)) {
      entry.kind = (status.st_mode & S_IXUSR) != 0 ? Entry::Kind::executable : Entry::Kind::file;
      entry.size = found.identity.size;
    } else if (S_ISDIR(status.st_mode)) {
      entry.kind = Entry::Kind::folder;
    } else if (S_ISLNK(status.st_mode)) {
      entry.kind = Entry::Kind::symlink;
      entry.mtime_ns = 0;
      std::array<char, PATH_MAX> target;
      const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size());
      if (length < 0) return system_fault(errno, "read", full(entry.path));
      entry.target.assign(target.data(), static_cast<std::size_t>(length));
      if (!proto::safe_target(entry.path, entry.target))
        return fault(EPERM,
                     fmt::format("{} is a symlink to {}, which leads out of {}; remove it or "
                                 "make it relative",
                                 in_quotes(full(entry.path)), in_quotes(entry.target),
                                 in_quotes(top_)));
    } else {
      return fault(EINVAL, fmt::format("{} is neither file, folder nor symlink; move it out of {}",
                                       in_quotes(full(entry.path)), in_quotes(top_)));
    }
    return found;
  }

  Outcome add(Found found) {
    constexpr std::size_t fields = 40; // bytes of one encoded entry besides its two texts, at most
    encoded_ += fields + found.entry.path.size() + found.entry.target.size();
    if (manifest_->entries.size() == proto::max_entries || encoded_ > proto::max_manifest / 2)
      return too_much(top_, fmt::format("over {} files and folders", manifest_->entries.size()));
    manifest_->size += found.entry.size;
    if (found.entry.size > proto::max_content_size || manifest_->size > proto::max_content_size)
      return too_much(top_, "over 4 TiB");
    const bool is_file =
        found.entry.kind == Entry::Kind::file || found.entry.kind == Entry::Kind::executable;
    if (is_file) identities_.push_back(found.identity);
    manifest_->entries.push_back(std::move(found.entry));
    return {};
  }

  std::string full(const std::string& path) const {
    return path.empty() ? top_ : top_ + '/' + path;
  }

  const int root_;
  const Guard& guard_;
  const std::string& top_;
  const std::stop_token stop_;
  std::shared_ptr<proto::Manifest> manifest_ = std::make_shared<proto::Manifest>();
  std::vector<Identity> identities_;
  std::size_t encoded_ = 0;
};

} // namespace

Result<Scanned> scan(const Folders::Opened& opened, const std::string& path, std::stop_token stop) {
  struct stat status;
  if (::fstat(opened.fd.get(), &status) != 0) return system_fault(errno, "look at", path);
  Scanned scanned;
  if (S_ISDIR(status.st_mode)) {
    TreeScan tree(opened, path, std::move(stop));
    if (Outcome walked = tree.run(); !walked) return walked.fault();
    scanned = tree.take();
  } else if (S_ISREG(status.st_mode)) {
    scanned = {std::make_shared<proto::Manifest>(), {Identity(status)}};
    scanned.manifest->size = static_cast<std::uint64_t>(status.st_size);
    if (scanned.manifest->size > proto::max_content_size) return too_much(path, "over 4 TiB");
  } else {
    return fault(EINVAL,
                 fmt::format("{} is neither file nor folder; name one of these", in_quotes(path)));
  }
  scanned.manifest->chunk_size = proto::default_chunk_size(scanned.manifest->size);
  return scanned;
}

} // namespace p2pd::disk
