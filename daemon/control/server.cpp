#include "daemon/control/server.hpp"

#include "daemon/control/client.hpp"

#include <cassert>
#include <fmt/core.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::control {

namespace {

// Whether somebody accepts connections there.
bool alive(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return connected;
}

void make_way(const std::filesystem::path& socket) {
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

void grant(const std::filesystem::path& socket, const std::string& name, bool is_named) {
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

} // namespace

Server::Server(io::Loop& loop, const std::filesystem::path& socket, const std::string& group,
               bool group_is_named, const Dispatcher& dispatcher)
    : socket_(socket), dispatcher_(dispatcher), bury_(loop, io::bind<&Server::bury>(this)) {
  std::error_code ignored; // binding says what is wrong
  std::filesystem::create_directories(socket.parent_path(), ignored);
  make_way(socket);
  const mode_t before = ::umask(0117); // rw for owner and group from the first moment
  try {
    listener_ =
        std::make_unique<io::Listener>(loop, socket, io::bind<&Server::on_connection>(this));
  } catch (const std::system_error& error) {
    ::umask(before);
    throw std::runtime_error(
        fmt::format("control socket {}: {}; make its folder writable for this user or choose "
                    "another [control] socket",
                    socket.string(), error.code().message()));
  }
  ::umask(before);
  grant(socket, group, group_is_named);
}

Server::~Server() {
  assert(clients_.empty());
}

void Server::on_connection(std::unique_ptr<io::Stream> stream) {
  auto client = std::make_unique<Client>(*this, std::move(stream));
  clients_.emplace(client.get(), std::move(client));
}

void Server::retire(Client& client) {
  const auto found = clients_.find(&client);
  graveyard_.push_back(std::move(found->second));
  clients_.erase(found);
  bury_.schedule();
}

void Server::bury() {
  graveyard_.clear();
}

void Server::close() {
  listener_.reset(); // libuv removes the socket file with it
  for (auto& [raw, client] : clients_) graveyard_.push_back(std::move(client));
  clients_.clear();
  graveyard_.clear();
}

} // namespace p2pd::control
