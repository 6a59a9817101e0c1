#include "daemon/disk/whereabouts.hpp"

#include "daemon/disk/open.hpp"

#include <array>
#include <climits>
#include <fcntl.h>

namespace p2pd::disk {

std::optional<FileKey> key_of(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileKey(status);
}

std::optional<FileKey> key_of(int folder, const std::string& leaf) {
  struct stat status;
  if (::fstatat(folder, leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return FileKey(status);
}

std::vector<FileKey> ancestry(int folder) {
  std::vector<FileKey> keys;
  Fd held;
  for (int at = folder;;) {
    struct stat status;
    if (::fstat(at, &status) != 0) return {};
    const FileKey key(status);
    if (!keys.empty() && keys.back() == key) return keys; // "/" is its own parent
    keys.push_back(key);
    Fd up = open_fd(at, "..", O_PATH | O_DIRECTORY);
    if (!up) return {};
    held = std::move(up);
    at = held.get();
  }
}

std::string_view hidden_part(std::string_view path) {
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path[begin] == '.' && end - begin > 1 && path.substr(begin, end - begin) != "..")
      return path.substr(0, end);
    begin = end + 1;
  }
  return {};
}

std::string real_path(int folder) {
  std::array<char, PATH_MAX> path;
  const ssize_t length =
      ::readlink(("/proc/self/fd/" + std::to_string(folder)).c_str(), path.data(), path.size());
  return length < 0 ? "" : std::string(path.data(), static_cast<std::size_t>(length));
}

std::optional<std::string_view> below(std::string_view folder, std::string_view path) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (!path.starts_with(folder)) return std::nullopt;
  path.remove_prefix(folder.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string joined(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!folder.empty()) path += '/';
  return path.append(name);
}

Split split(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {"", std::string(path)};
  return {std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

} // namespace p2pd::disk
