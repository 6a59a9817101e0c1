// The folders that the config names, and the space in them.
#include "daemon/checkup/checkup.hpp"
#include "daemon/disk/fd.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <fstream>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace p2pd::checkup {

namespace {

using std::filesystem::path;

std::string own_user() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  ::getpwuid_r(::geteuid(), &entry, text.data(), text.size(), &found);
  return found == nullptr ? std::to_string(::geteuid()) : found->pw_name;
}

// The sandbox of a service shows no homes, and lets it write to its state folder alone.
bool is_in_a_home(const path& folder) {
  const std::string text = folder.string();
  return text.starts_with("/home/") || text.starts_with("/root/");
}

std::string drop_in(const std::string& unit, const std::string& line) {
  return fmt::format("run \"systemctl edit {0}\", write the two lines \"[Service]\" and \"{1}\", "
                     "and run \"systemctl restart {0}\"",
                     unit, line);
}

std::string remedy_in_unit(const path& folder, bool writes, const std::string& unit) {
  if (!is_in_a_home(folder))
    return "a service writes where its unit allows it: " +
           drop_in(unit, "ReadWritePaths=" + folder.string());
  if (writes) return "a service sees no home folders: name another one, such as one below /srv";
  return "a service sees no home folders: " + drop_in(unit, "ProtectHome=read-only") +
         ", or share a folder below /srv";
}

std::string remedy_of(int error, const path& folder, bool writes, const std::string& unit) {
  if (!unit.empty() && (error == EROFS || is_in_a_home(folder)))
    return remedy_in_unit(folder, writes, unit);
  if (error == EROFS) return "it is mounted read-only: mount it anew, or name another folder";
  if (error == ENOENT)
    return fmt::format("make it (\"sudo install -d -o {} {}\") and restart p2pd, or name another "
                       "one in the config",
                       own_user(), folder.string());
  if (error == ENOTDIR) return "it is no folder: name one in the config and restart p2pd";
  return fmt::format("let the user {} {} it; if it may, restart p2pd, which keeps to the folders "
                     "that were there when it started",
                     own_user(), writes ? "write to" : "read");
}

Check check_folder(std::string_view name, const path& folder, int error, bool writes,
                   const std::string& unit) {
  if (error == 0) return {name, Health::ok, folder.string(), ""};
  return {name, Health::fail,
          fmt::format("p2pd cannot {} {}: {}", writes ? "write to" : "read", folder.string(),
                      std::strerror(error)),
          remedy_of(error, folder, writes, unit)};
}

// 0, or why no file can be made there. A file without a name leaves nothing behind.
int try_to_write(const path& folder) {
  const disk::Fd file(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (file || errno == EISDIR) return 0; // a kernel that does not know such files
  if (errno != EOPNOTSUPP) return errno;
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? 0 : errno;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t mebibyte = 1 << 20;
  if (bytes < 1024 * mebibyte) return fmt::format("{} MiB", bytes / mebibyte);
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1024.0 * mebibyte));
}

} // namespace

std::string service_unit() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::string last = line.substr(line.rfind('/') + 1);
    if (last.starts_with("p2pd") && last.ends_with(".service"))
      return last.substr(0, last.size() - std::string_view(".service").size());
  }
  return "";
}

Check check_state(const path& state_dir, const std::string& unit) {
  struct stat status {};
  if (::stat(state_dir.c_str(), &status) == 0 && (status.st_mode & 022) != 0)
    return {"state", Health::fail,
            fmt::format("{} has mode {:04o}: others could replace this node's identity",
                        state_dir.string(), status.st_mode & 07777),
            fmt::format("run \"sudo chmod go-w {}\"", state_dir.string())};
  return check_folder("state", state_dir, try_to_write(state_dir), true, unit);
}

Check check_readable(std::string_view name, const path& folder, const std::string& unit) {
  const disk::Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return check_folder(name, folder, opened ? 0 : errno, false, unit);
}

Check check_writable(std::string_view name, const path& folder, const std::string& unit) {
  return check_folder(name, folder, try_to_write(folder), true, unit);
}

Check check_space(const path& folder) {
  constexpr std::uint64_t scarce = 1ULL << 30;
  constexpr std::uint64_t too_little = 16ULL << 20;
  constexpr std::uint64_t few_files = 1000;
  struct statvfs there {};
  if (::statvfs(folder.c_str(), &there) != 0)
    return {"space", Health::warn,
            fmt::format("the space in {} is not known: {}", folder.string(), std::strerror(errno)),
            "see what is said of this folder"};
  const std::uint64_t bytes = std::uint64_t{there.f_bavail} * there.f_frsize;
  // Some file systems make room for files as they come, and count none.
  const bool out_of_files = there.f_files != 0 && there.f_favail < few_files;
  Check check{"space", Health::ok, fmt::format("{} free in {}", size_text(bytes), folder.string()),
              ""};
  if (out_of_files) check.finding += fmt::format(", for {} more files", there.f_favail);
  if (bytes >= scarce && !out_of_files) return check;
  check.health =
      bytes < too_little || (out_of_files && there.f_favail == 0) ? Health::fail : Health::warn;
  check.remedy = "free some space there; fetches that wait for it go on by themselves";
  return check;
}

} // namespace p2pd::checkup
