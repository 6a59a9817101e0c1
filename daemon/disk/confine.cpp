#include "daemon/disk/confine.hpp"

#include "daemon/disk/give_to.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/whereabouts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace p2pd::disk {

namespace {

constexpr int most_symlinks = 40; // as the kernel follows in one path
constexpr int folder_flags = O_PATH | O_DIRECTORY;

bool contains(const std::vector<FileKey>& keys, FileKey key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Fault own(std::string_view path) {
  return fault(EPERM,
               fmt::format("{} is or holds p2pd's own state, secret or config, which is never "
                           "published nor written by a fetch; choose another path",
                           in_quotes(path)));
}

Fault hidden(std::string_view path, std::string_view part) {
  return fault(EPERM, fmt::format("{} is or lies in {}, which is hidden; name that folder in the "
                                  "config to allow it",
                                  in_quotes(path), in_quotes(part)));
}

// Whether after this errno the location is unknown. What p2pd has no permission to look up it
// cannot reach either, so that location does not matter.
bool leaves_open(int error_number) {
  return passes(meaning_of(error_number)) && error_number != EACCES && error_number != EPERM;
}

// The path without symlinks; its last parts need not exist. Unchanged if it cannot be resolved, and
// then `cause` says why.
std::string resolved(const std::string& path, int& cause) {
  std::error_code code;
  std::string real = std::filesystem::weakly_canonical(path, code).string();
  if (code) cause = code.value();
  return code ? path : real;
}

Fault open_fault(const std::string& path) {
  return system_fault(errno == ELOOP ? EXDEV : errno, "open", path);
}

// The symlink's target, or "" if it is not a symlink.
std::string target_of(int folder, const std::string& leaf) {
  std::array<char, PATH_MAX> target;
  const ssize_t length = ::readlinkat(folder, leaf.c_str(), target.data(), target.size());
  return length <= 0 ? "" : std::string(target.data(), static_cast<std::size_t>(length));
}

bool plain_name(std::string_view leaf) {
  return !leaf.empty() && leaf != "." && leaf != "..";
}

} // namespace

Outcome Guard::admit(const struct stat& status, std::string_view path) const {
  const FileKey key(status);
  if (contains(forbidden, key)) return own(path);
  if (hidden || !S_ISDIR(status.st_mode) || contains(roots, key)) return {};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (!hidden_part(name).empty()) return disk::hidden(path, path);
  return {};
}

Folders::Folders(Purpose purpose, std::vector<Root> roots, std::vector<std::string> forbidden)
    : purpose_(purpose), roots_(std::move(roots)), forbidden_(std::move(forbidden)) {
  std::stable_sort(roots_.begin(), roots_.end(),
                   [](const Root& a, const Root& b) { return a.path.size() > b.path.size(); });
}

void Folders::forbid(std::vector<std::string> files) {
  const std::scoped_lock lock(mutex_);
  forbidden_ = std::move(files);
}

std::vector<std::string> Folders::forbidden() const {
  const std::scoped_lock lock(mutex_);
  return forbidden_;
}

Folders::Places Folders::places(const std::string& path) const {
  Places places;
  std::vector<std::string> spellings{path};
  if (std::string real = resolved(path, places.cause); real != path)
    spellings.push_back(std::move(real));
  std::vector<std::string> tops;
  for (const Root& root : roots_) tops.push_back(resolved(root.path, places.cause));
  for (const std::string& spelling : spellings)
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      const Root& root = roots_[i];
      const auto rest = below(root.path, spelling);
      if (rest) places.list.push_back({&root, std::string(*rest)});
      if (tops[i] == root.path) continue;
      if (const auto real = below(tops[i], spelling))
        places.list.push_back({&root, std::string(*real)});
    }
  return places;
}

// What was found below no root is outside, unless one could not be looked up.
Fault Folders::not_found(const Places& places, const std::string& path) const {
  return leaves_open(places.cause) ? system_fault(places.cause, "look up", path) : outside(path);
}

Result<Folders::Opened> Folders::open_file(const std::string& path, int flags) const {
  if (path.find('\0') != std::string::npos) return outside(path);
  const Places places = this->places(path);
  for (const Place& place : places.list) {
    Result<Opened> opened = open_at(place, path, flags);
    if (opened || !opened.fault().is(EXDEV)) return opened;
  }
  return not_found(places, path);
}

// The last part is opened separately, so that the folder that really contains it is known: a
// symlink there is followed by hand.
Result<Folders::Opened> Folders::open_at(Place place, const std::string& path, int flags) const {
  const Fd root = open_fd(AT_FDCWD, place.root->path.c_str(), folder_flags);
  if (!root) return system_fault(errno, "open", place.root->path);
  for (int links = 0; links < most_symlinks; ++links) {
    const auto [folder_path, leaf] = split(place.rest);
    const bool named = plain_name(leaf);
    const Fd folder =
        open_beneath(root.get(), named ? folder_path : place.rest, folder_flags, Links::follow);
    if (!folder) return open_fault(path);
    Fd fd = open_fd(folder.get(), named ? leaf.c_str() : ".",
                    flags | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
    if (!fd) {
      const int cause = errno;
      const std::string target = named ? target_of(folder.get(), leaf) : "";
      if (target.empty()) return system_fault(cause, "open", path);
      if (target.front() == '/') return fault(EXDEV, "");
      place.rest = joined(folder_path, target);
      continue;
    }
    struct stat status;
    if (::fstat(fd.get(), &status) != 0) return system_fault(errno, "open", path);
    Result<Guard> guard = guard_at(S_ISDIR(status.st_mode) ? fd.get() : folder.get(), path);
    if (!guard) return guard.fault();
    if (contains(guard->forbidden, FileKey(status))) return own(path);
    return Opened{std::move(fd), std::move(*guard)};
  }
  return system_fault(ELOOP, "open", path);
}

Result<Guard> Folders::guard_at(int folder, const std::string& path) const {
  Guard guard;
  for (const std::string& each : forbidden())
    if (const auto key = key_of(each))
      guard.forbidden.push_back(*key);
    else if (leaves_open(errno))
      return system_fault(errno, "look at", each);
  std::vector<const Root*> present;
  int unseen = 0;
  for (const Root& root : roots_)
    if (const auto key = key_of(root.path)) {
      guard.roots.push_back(*key);
      present.push_back(&root);
    } else {
      unseen = leaves_open(errno) ? errno : unseen;
    }
  const std::vector<FileKey> around = ancestry(folder);
  if (around.empty()) return system_fault(errno, "look at the folder of", path);
  for (const FileKey key : around) {
    if (contains(guard.forbidden, key)) return own(path);
    const auto met = std::find(guard.roots.begin(), guard.roots.end(), key);
    if (met == guard.roots.end()) continue;
    const Root& root = *present[static_cast<std::size_t>(met - guard.roots.begin())];
    guard.hidden = root.hidden;
    if (root.hidden) return guard;
    const std::string real = real_path(folder);
    if (real.empty()) return system_fault(errno, "look at the folder of", path);
    int ignored = 0; // the real path is judged as a whole then
    const std::string top = resolved(root.path, ignored);
    const std::string_view part = hidden_part(below(top, real).value_or(real));
    if (!part.empty()) return hidden(path, fmt::format("{}/{}", top, part));
    return guard;
  }
  if (unseen != 0) return system_fault(unseen, "look up", path);
  return fault(EXDEV, ""); // it was moved out meanwhile
}

Result<Folders::Parent> Folders::open_parent(const std::string& path, Missing missing) const {
  if (path.find('\0') != std::string::npos) return outside(path);
  const Places places = this->places(path);
  for (const Place& place : places.list) {
    Result<Parent> parent = parent_at(place, path, missing);
    if (parent || !parent.fault().is(EXDEV)) return parent;
  }
  return not_found(places, path);
}

// The deepest folder that exists is opened and checked first, then the rest is made below it.
Result<Folders::Parent> Folders::parent_at(const Place& place, const std::string& path,
                                           Missing missing) const {
  auto [rest, leaf] = split(place.rest);
  if (!plain_name(leaf))
    return fault(EINVAL, fmt::format("{} does not name a file or folder to make; name one below it",
                                     in_quotes(path)));
  std::error_code ignored; // opening it below reports the error
  if (missing == Missing::create) std::filesystem::create_directories(place.root->path, ignored);
  const Fd root = open_fd(AT_FDCWD, place.root->path.c_str(), folder_flags);
  if (!root) return system_fault(errno, "open", place.root->path);

  std::vector<std::string> to_make; // the last first
  Fd folder;
  while (!(folder = open_beneath(root.get(), rest, folder_flags, Links::follow))) {
    if (errno != ENOENT || rest.empty()) return open_fault(path);
    Split up = split(rest);
    if (up.leaf == "..") return open_fault(path);
    to_make.push_back(std::move(up.leaf));
    rest = std::move(up.folder);
  }
  const Result<Guard> guard = guard_at(folder.get(), path);
  if (!guard) return guard.fault();
  if (!guard->hidden)
    for (const std::string& name : to_make)
      if (!hidden_part(name).empty()) return hidden(path, name);
  if (!guard->hidden && !hidden_part(leaf).empty()) return hidden(path, leaf);
  if (!to_make.empty() && missing == Missing::refuse)
    return fault(ENOENT, fmt::format("the folder of {} does not exist; make it or choose another",
                                     in_quotes(path)));
  for (; !to_make.empty(); to_make.pop_back()) {
    const char* name = to_make.back().c_str();
    if (::mkdirat(folder.get(), name, 0777) != 0 && errno != EEXIST)
      return system_fault(errno, "make the folder of", path);
    Fd made = open_fd(folder.get(), name, folder_flags | O_NOFOLLOW);
    if (!made) return open_fault(path);
    if (Outcome given = give_to(group_, folder.get(), name, path); !given) return given.fault();
    folder = std::move(made);
  }
  if (Outcome good = check_leaf(folder.get(), leaf, path); !good) return good.fault();
  Fd readable = open_fd(folder.get(), ".", O_RDONLY | O_DIRECTORY);
  if (!readable) return system_fault(errno, "open the folder of", path);
  return Parent{std::move(readable), std::move(leaf), path, group_};
}

// Whether this name is free of p2pd's own files and folders that contain them, now and later.
Outcome Folders::check_leaf(int folder, const std::string& leaf, const std::string& path) const {
  const std::optional<FileKey> there = key_of(folder, leaf);
  if (!there && leaves_open(errno)) return system_fault(errno, "look at", path);
  std::map<std::string, std::vector<FileKey>> seen; // by folder: it, and all that hold it
  for (const std::string& each : forbidden()) {
    const Split name = split(each);
    const auto [known, fresh] = seen.try_emplace(name.folder);
    std::vector<FileKey>& holders = known->second;
    if (fresh) {
      const Fd around =
          open_fd(AT_FDCWD, name.folder.empty() ? "/" : name.folder.c_str(), folder_flags);
      if (!around && leaves_open(errno)) return system_fault(errno, "look at", each);
      if (around) holders = ancestry(around.get());
      if (around && holders.empty()) return system_fault(errno, "look at", each);
    }
    if (holders.empty()) continue; // there is no such folder
    if (there && (key_of(each) == there || contains(holders, *there))) return own(path);
    if (name.leaf == leaf && key_of(folder, ".") == holders.front()) return own(path);
  }
  return {};
}

std::string Folders::relative(std::string_view path) const {
  for (const Root& root : roots_)
    if (const auto rest = below(root.path, path); rest && !rest->empty()) return std::string(*rest);
  return split(path).leaf;
}

Fault Folders::outside(std::string_view path) const {
  std::vector<std::string_view> names;
  for (const Root& root : roots_) names.push_back(root.path);
  const std::string list = names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  if (purpose_ == Purpose::publish)
    return fault(EPERM,
                 fmt::format("{} is outside the share folders ({}); add its folder to [peer] "
                             "share or publish with --copy",
                             in_quotes(path), list));
  return fault(EPERM, fmt::format("{} is outside the folders that a fetch may write ({}); add its "
                                  "folder to [peer] writable or choose another with -o",
                                  in_quotes(path), list));
}

} // namespace p2pd::disk
