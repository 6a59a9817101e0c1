#include "daemon/control/control_socket.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::control {

namespace {

using std::filesystem::path;

// Whether somebody accepts connections there.
bool alive(const path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return connected;
}

void make_way(const path& socket) {
  struct stat status {};
  if (lstat(socket.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode))
    throw std::runtime_error(
        fmt::format("control socket {}: something else is in its place; move it away or "
                    "choose another [control] socket",
                    socket.string()));
  if (alive(socket))
    throw std::runtime_error(
        fmt::format("control socket {}: another p2pd listens there; stop it or choose "
                    "another [control] socket",
                    socket.string()));
  ::unlink(socket.c_str()); // left behind by a daemon that was killed
}

std::unique_ptr<io::Listener> listen(io::Loop& loop, const path& socket, mode_t hidden,
                                     io::Listener::Accept accept) {
  const mode_t before = ::umask(hidden); // right from the first moment
  std::error_code failure;
  std::unique_ptr<io::Listener> listener;
  try {
    listener = std::make_unique<io::Listener>(loop, socket, accept);
  } catch (const std::system_error& error) {
    failure = error.code();
  }
  ::umask(before);
  if (failure)
    throw std::runtime_error(
        fmt::format("control socket {}: {}; make its folder writable for this user or choose "
                    "another [control] socket",
                    socket.string(), failure.message()));
  return listener;
}

std::unique_ptr<io::Listener> take_over(io::Loop& loop, int inherited, const path& socket,
                                        io::Listener::Accept accept) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  ::getsockname(inherited, reinterpret_cast<sockaddr*>(&address), &size);
  if (socket != address.sun_path)
    throw std::runtime_error(fmt::format("control socket {}: systemd listens at {} instead; make "
                                         "ListenStream= of the socket unit and [control] socket "
                                         "the same",
                                         socket.string(), address.sun_path));
  return std::make_unique<io::Listener>(loop, inherited, accept);
}

void grant(const path& socket, const std::string& name, bool is_named) {
  if (name.empty()) return;
  const group* const entry = getgrnam(name.c_str());
  if (entry == nullptr && is_named)
    throw std::runtime_error(
        fmt::format("control socket {}: there is no group \"{}\"; make it or name another "
                    "[control] group",
                    socket.string(), name));
  // Only root or a member may hand the socket to a group; without it the owner alone controls.
  if (entry != nullptr && ::chown(socket.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0 &&
      is_named)
    throw std::runtime_error(
        fmt::format("control socket {}: not allowed to give it to group \"{}\"; run p2pd as "
                    "root or as a member of the group",
                    socket.string(), name));
}

std::uint32_t group_of_readers(const std::string& name) {
  const group* const entry = getgrnam(name.c_str());
  if (entry == nullptr)
    throw std::runtime_error(
        fmt::format("[control] readers: there is no group \"{}\"; make it or name another", name));
  return entry->gr_gid;
}

std::string name_of(std::uint32_t id) {
  const group* const entry = getgrgid(id);
  return entry != nullptr ? entry->gr_name : std::to_string(id);
}

// What helps somebody who is refused; nobody is sent into root's group.
std::string remedy_for(std::uint32_t controllers, const std::string& readers) {
  std::string remedy;
  if (controllers != 0) remedy = "join the group " + name_of(controllers) + ", or ";
  if (!readers.empty()) remedy += "join the group " + readers + " just to look, or ";
  return remedy + "use sudo";
}

bool in_group(const io::Credentials& caller, std::uint32_t group) {
  if (group == io::Credentials::nobody) return false;
  return caller.group == group || std::ranges::find(caller.groups, group) != caller.groups.end();
}

} // namespace

ControlSocket::ControlSocket(io::Loop& loop, const base::Config& config,
                             std::optional<int> inherited, io::Listener::Accept accept) {
  const path& socket = config.control_socket;
  const bool for_readers = !config.control_readers.empty();
  if (for_readers) readers_ = group_of_readers(config.control_readers);
  if (inherited) {
    listener_ = take_over(loop, *inherited, socket, accept);
  } else {
    std::error_code ignored; // listening says what is wrong
    std::filesystem::create_directories(socket.parent_path(), ignored);
    make_way(socket);
    listener_ = listen(loop, socket, for_readers ? 0111 : 0117, accept);
    grant(socket, config.control_group, config.control_group_is_named());
  }
  // Whom the mode lets in where there are no readers; whether the grant went well decides.
  struct stat status {};
  if (::stat(socket.c_str(), &status) == 0) controllers_ = status.st_gid;
  remedy_ = remedy_for(controllers_, config.control_readers);
}

proto::Access ControlSocket::access_of(const io::Credentials& caller) const {
  if (caller.user == 0 || caller.user == ::geteuid() || in_group(caller, controllers_))
    return proto::Access::control;
  return in_group(caller, readers_) ? proto::Access::read : proto::Access::none;
}

proto::ControlError ControlSocket::refusal(const io::Credentials& caller) const {
  return {proto::ExitCode::failed,
          fmt::format("this daemon takes no commands from user {}", caller.user), remedy_};
}

} // namespace p2pd::control
