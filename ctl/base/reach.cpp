#include "ctl/base/reach.hpp"

#include "ctl/base/environment.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <grp.h>
#include <sys/stat.h>

namespace p2pd::ctl {

namespace {

using proto::ExitCode;

constexpr const char* system_socket = "/run/p2pd/p2pd.sock";

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

// The group whose members may use the socket, "" if there is none but root's: the socket's own
// group, or its folder's where the folder is what keeps us out.
std::string group_of(const std::string& socket) {
  struct stat status {};
  const std::string folder = std::filesystem::path(socket).parent_path().string();
  if (::stat(socket.c_str(), &status) != 0 && ::stat(folder.c_str(), &status) != 0) return "";
  if (status.st_gid == 0 || (status.st_mode & (S_IWGRP | S_IXGRP)) == 0) return "";
  const group* entry = ::getgrgid(status.st_gid);
  return entry == nullptr ? "" : entry->gr_name;
}

} // namespace

Reach find_daemon(const std::string& socket, const std::string& instance) {
  if (!socket.empty() && !instance.empty())
    throw Failure(ExitCode::usage, "--socket and -i name two daemons", "write one of them");
  if (!instance.empty()) {
    if (instance.find('/') != std::string::npos)
      throw Failure(ExitCode::usage, "-i takes the name of an instance, not \"" + instance + '"',
                    "name a socket path with --socket");
    return {"/run/p2pd-" + instance + "/p2pd.sock", "p2pd@" + instance};
  }
  if (!socket.empty()) return {socket, "p2pd"};
  if (const std::string_view named = environment("P2PCTL_SOCKET"); !named.empty())
    return {std::string(named), "p2pd"};
  if (const std::string folder(environment("XDG_RUNTIME_DIR")); !folder.empty())
    if (std::string own = folder + "/p2pd.sock"; exists(own)) return {std::move(own), "p2pd"};
  return {system_socket, "p2pd"};
}

Failure unreachable(const std::string& socket, const std::string& unit, int error) {
  if (error == EACCES || error == EPERM) {
    const std::string message = "you may not use the daemon at " + socket;
    const std::string group = group_of(socket);
    if (group.empty()) return {ExitCode::failed, message, "run p2pctl as the user that owns it"};
    return {ExitCode::failed, message,
            "join the group " + group + ": \"sudo usermod -aG " + group +
                " $USER\", then log in again"};
  }
  if (error == EAGAIN)
    return {ExitCode::timed_out, "the daemon at " + socket + " takes no connection",
            "its log says more; or allow more time with --timeout"};
  return {ExitCode::no_daemon, "no daemon answers at " + socket + " (" + std::strerror(error) + ')',
          "start it with \"systemctl start " + unit +
              "\", or run \"p2pd\" as a user; \"journalctl -u " + unit + "\" tells why it ended"};
}

} // namespace p2pd::ctl
