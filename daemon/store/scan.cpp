#include "daemon/store/scan.hpp"

#include "daemon/disk/names.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/look.hpp"
#include "daemon/store/part_name.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::store {

namespace {

using proto::Entry;

constexpr std::size_t most_listed = 1000;

disk::Fault too_large(const std::string& path, std::string_view what) {
  return disk::fault(EFBIG, fmt::format("{} is too much for one content ({}); publish parts of it",
                                        disk::in_quotes(path), what));
}

// Whether p2pd's user may read it. Its own files tell by their mode, all others cost a call.
bool readable(int folder, const std::string& name, const Looked& looked) {
  const bool is_folder = looked.entry.kind == Entry::Kind::folder;
  const mode_t own = is_folder ? S_IRUSR | S_IXUSR : S_IRUSR;
  if (looked.entry.kind == Entry::Kind::symlink) return true;
  if (looked.status.st_uid == ::geteuid() && (looked.status.st_mode & own) == own) return true;
  return ::faccessat(folder, name.c_str(), is_folder ? R_OK | X_OK : R_OK, AT_EACCESS) == 0 ||
         errno != EACCES;
}

// What is kept of an entry of a folder until its turn comes; there may be a million of them.
struct Found {
  Entry entry;
  disk::Identity identity;
  disk::FileKey key;
};

class TreeScan {
 public:
  TreeScan(const disk::Folders::Opened& opened, const std::string& path, const ScanRules& rules,
           const disk::Folders* beyond, std::stop_token stop)
      : tree_{opened.fd.get(), path, rules.links,
              rules.links == SymlinkRule::follow ? beyond : nullptr}
      , guard_(opened.guard)
      , rules_(rules)
      , stop_(std::move(stop)) {}

  disk::Outcome run() {
    struct stat status;
    if (::fstat(tree_.root, &status) != 0) return disk::system_fault(errno, "look at", tree_.top);
    around_.emplace_back(status);
    if (disk::Outcome walked = folder("", guard_); !walked) return walked;
    if (offences_.any()) return disk::fault(EPERM, offences_.message(tree_.top));
    if (const std::string excess = size_.excess(); !excess.empty())
      return too_large(tree_.top, excess);
    scanned_.manifest->size = size_.bytes;
    if (scanned_.manifest->entries.empty())
      return disk::fault(ENODATA,
                         fmt::format("{} holds nothing{}; put something into it first",
                                     disk::in_quotes(tree_.top),
                                     scanned_.skipped.empty() ? "" : " that can be published"));
    return {};
  }

  Scanned take() { return std::move(scanned_); }

 private:
  // All that is in one folder is looked at first and its descriptor closed, so that a deep tree
  // needs no more of them than a flat one.
  disk::Outcome folder(const std::string& path, const disk::Guard& guard) {
    std::vector<Found> found;
    std::optional<disk::Guard> inner_guard;
    {
      disk::Result<OpenedIn> opened = open_in(tree_, path, O_RDONLY | O_DIRECTORY);
      if (!opened) return opened.fault();
      inner_guard = std::move(opened->guard);
      if (disk::Outcome read = list(opened->fd.get(), path, inner_guard.value_or(guard), found);
          !read)
        return read;
    }
    // Grown step by step, it would be there twice for a moment.
    std::vector<Entry>& entries = scanned_.manifest->entries;
    if (found.size() > entries.capacity()) entries.reserve(entries.size() + found.size());
    for (Found& each : found) {
      const bool is_folder = each.entry.kind == Entry::Kind::folder;
      const std::string inner = is_folder ? each.entry.path : "";
      const disk::FileKey key = each.key;
      add(std::move(each));
      if (!is_folder) continue;
      around_.push_back(key);
      if (disk::Outcome walked = folder(inner, inner_guard.value_or(guard)); !walked) return walked;
      around_.pop_back();
    }
    return {};
  }

  disk::Outcome list(int fd, const std::string& path, const disk::Guard& guard,
                     std::vector<Found>& found) {
    const disk::Result<std::vector<std::string>> names = disk::names_in(fd, tree_.full(path));
    if (!names) return names.fault();
    found.reserve(names->size());
    for (const std::string& name : *names) {
      if (stop_.stop_requested()) return disk::fault(ECANCELED, "stopped");
      std::string inner = disk::joined(path, name);
      if (excludes(rules_.exclude, inner)) continue;
      disk::Result<Looked> looked = look_at(tree_, fd, name.c_str(), std::move(inner));
      if (!looked) return looked.fault();
      examine(fd, name, guard, *looked);
      if (looked->offence.empty())
        found.push_back(
            {std::move(looked->entry), looked->identity, disk::FileKey(looked->status)});
      else if (looked->special && rules_.skip_special)
        skip(std::move(*looked));
      else
        offences_.add(looked->entry.path, looked->offence);
    }
    return {};
  }

  // What is wrong with it besides what it is.
  void examine(int fd, const std::string& name, const disk::Guard& guard, Looked& looked) const {
    if (!looked.offence.empty()) return;
    const disk::Outcome admitted = guard.admit(looked.status, tree_.full(looked.entry.path));
    if (!proto::safe_path(looked.entry.path)) {
      looked.offence = "has a path that is too long";
    } else if (!admitted) {
      looked.offence = "is hidden, or p2pd's own";
    } else if (is_own_name(name)) {
      looked.offence = "is the part of a fetch that is not whole";
      looked.special = true;
    } else if (!readable(fd, name, looked)) {
      looked.offence = "may not be read by p2pd";
    } else if (tree_.beyond != nullptr && looked.entry.kind == Entry::Kind::folder &&
               std::ranges::find(around_, disk::FileKey(looked.status)) != around_.end()) {
      looked.offence = "is a symlink that leads back to a folder around it";
      looked.special = true;
    }
  }

  void skip(Looked looked) {
    if (scanned_.skipped_in_all++ < most_listed)
      scanned_.skipped.push_back({std::move(looked.entry.path), std::move(looked.offence)});
  }

  // What is beyond the limits is counted and not kept: the error tells how much it is.
  void add(Found found) {
    size_.add(found.entry);
    if (size_.entries > proto::max_entries || size_.encoded > proto::max_manifest) return;
    if (found.entry.is_file()) scanned_.identities.push_back(found.identity);
    scanned_.manifest->entries.push_back(std::move(found.entry));
  }

  const Tree tree_;
  const disk::Guard& guard_;
  const ScanRules& rules_;
  const std::stop_token stop_;
  Scanned scanned_{std::make_shared<proto::Manifest>(), {}, {}, 0, {}};
  Offences offences_;
  std::vector<disk::FileKey> around_; // the folders around what is looked at
  TreeSize size_;
};

disk::Result<Scanned> scan_file(const struct stat& status, const std::string& path) {
  if (is_own_name(disk::split(path).leaf))
    return disk::fault(EPERM,
                       fmt::format("{} is the part of a fetch that is not whole; publish it when "
                                   "it is, under its own name",
                                   disk::in_quotes(path)));
  Scanned scanned{std::make_shared<proto::Manifest>(),
                  {disk::Identity(status)},
                  {},
                  0,
                  disk::Attributes(status)};
  scanned.manifest->size = static_cast<std::uint64_t>(status.st_size);
  if (scanned.manifest->size > proto::max_content_size)
    return too_large(path,
                     fmt::format("{} bytes, and 4 TiB are the limit", scanned.manifest->size));
  return scanned;
}

disk::Result<Scanned> scan_tree(const disk::Folders::Opened& opened, const std::string& path,
                                const ScanRules& rules, const disk::Folders* beyond,
                                std::stop_token stop) {
  TreeScan tree(opened, path, rules, beyond, std::move(stop));
  if (disk::Outcome walked = tree.run(); !walked) return walked.fault();
  return tree.take();
}

} // namespace

disk::Result<Scanned> scan(const disk::Folders::Opened& opened, const std::string& path,
                           const ScanRules& rules, const disk::Folders* beyond,
                           std::stop_token stop) {
  struct stat status;
  if (::fstat(opened.fd.get(), &status) != 0) return disk::system_fault(errno, "look at", path);
  if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
    return disk::fault(EINVAL, fmt::format("{} is neither file nor folder; name one of these",
                                           disk::in_quotes(path)));
  disk::Result<Scanned> scanned = S_ISREG(status.st_mode)
                                      ? scan_file(status, path)
                                      : scan_tree(opened, path, rules, beyond, std::move(stop));
  if (scanned) scanned->manifest->chunk_size = proto::default_chunk_size(scanned->manifest->size);
  return scanned;
}

disk::Result<std::optional<std::vector<disk::Identity>>>
find_content(const disk::Folders::Opened& opened, const std::string& path, const Layout& layout,
             const disk::Folders* beyond, std::stop_token stop) {
  const std::optional<std::vector<disk::Identity>> another;
  const std::vector<Entry>& entries = layout.manifest().entries;
  struct stat status;
  if (::fstat(opened.fd.get(), &status) != 0) return disk::system_fault(errno, "look at", path);
  if (entries.empty()) {
    const bool same = S_ISREG(status.st_mode) &&
                      static_cast<std::uint64_t>(status.st_size) == layout.manifest().size;
    return same ? std::optional(std::vector{disk::Identity(status)}) : another;
  }
  if (!S_ISDIR(status.st_mode)) return another;
  std::vector<disk::Identity> identities;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    const Entry& wanted = entries[i];
    if (layout.has_entry(i)) {
      const bool followed = beyond != nullptr && wanted.kind != Entry::Kind::symlink;
      const Tree tree{opened.fd.get(), path, followed ? SymlinkRule::follow : SymlinkRule::keep,
                      followed ? beyond : nullptr};
      const disk::Result<Looked> looked =
          look_at(tree, opened.fd.get(), wanted.path.c_str(), wanted.path);
      if (!looked && !looked.fault().is(ENOENT) && !looked.fault().is(ENOTDIR))
        return looked.fault();
      if (!looked || !looked->offence.empty() || looked->entry.kind != wanted.kind ||
          looked->entry.size != wanted.size || looked->entry.target != wanted.target)
        return another;
      if (wanted.is_file()) identities.push_back(looked->identity);
    } else if (wanted.is_file()) {
      identities.emplace_back();
    }
  }
  return std::optional(std::move(identities));
}

} // namespace p2pd::store
