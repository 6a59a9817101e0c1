#include "daemon/io/listener.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::io {

namespace {

constexpr int backlog = 1024;
constexpr int most_a_turn = 32;
constexpr milliseconds rest{100};

} // namespace

Listener::Listener(Loop& loop, const Endpoint& at, Accept accept)
    : loop_(loop)
    , accept_(accept)
    , family_(Stream::Family::tcp)
    , handle_(new Handle)
    , rest_(loop, io::bind<&Listener::watch>(this)) {
  require(uv_tcp_init_ex(loop.handle(), &handle_->tcp, at.v6() ? AF_INET6 : AF_INET), "socket");
  handle_->data = this;
  bind(at);
  listen();
}

Listener::Listener(Loop& loop, const std::filesystem::path& socket, Accept accept)
    : loop_(loop)
    , accept_(accept)
    , family_(Stream::Family::unix_socket)
    , handle_(new Handle)
    , rest_(loop, io::bind<&Listener::watch>(this)) {
  require(uv_pipe_init(loop.handle(), &handle_->pipe, 0), "socket");
  handle_->data = this;
  // libuv cuts a path that is too long, and would bind another name than was asked for.
  const bool fits = socket.native().size() < sizeof(sockaddr_un::sun_path);
  require(fits ? 0 : UV_ENAMETOOLONG, "bind");
  require(uv_pipe_bind(&handle_->pipe, socket.c_str()), "bind");
  listen();
}

Listener::~Listener() {
  if (spare_ >= 0) ::close(spare_);
}

// uv_tcp_bind() would leave the error to uv_listen(), which is not called.
void Listener::bind(const Endpoint& at) {
  uv_os_fd_t socket = -1;
  require(uv_fileno(&handle_->handle, &socket), "socket");
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // [::] is v6 only, so that it and 0.0.0.0 can listen on one port side by side.
  if (at.v6()) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const socklen_t size = at.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  require(::bind(socket, &at.address(), size) == 0 ? 0 : -errno, "bind");
}

void Listener::listen() {
  require(uv_fileno(&handle_->handle, &socket_), "socket");
  require(::listen(socket_, backlog) == 0 ? 0 : -errno, "listen");
  spare_ = ::fcntl(socket_, F_DUPFD_CLOEXEC, 0);
  poll_.reset(new uv_poll_t);
  require(uv_poll_init(loop_.handle(), poll_.get(), socket_), "listen");
  poll_->data = this;
  watch();
}

void Listener::watch() {
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* poll, int, int) noexcept {
    for (int taken = 0; taken < most_a_turn; ++taken) {
      auto* const self = static_cast<Listener*>(poll->data);
      if (self == nullptr || !self->take()) return; // it may be gone by what it called
    }
  });
}

bool Listener::take() {
  const int descriptor = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) {
    if (auto stream = wrapped(descriptor)) accept_(std::move(stream));
    return true;
  }
  if (errno == EMFILE || errno == ENFILE) return turn_away();
  if (errno == ENOBUFS || errno == ENOMEM) return pause();
  return errno == ECONNABORTED || errno == EINTR; // it was given up before it was taken
}

// The kernel has room for nobody: asked again and again it would take the whole loop.
bool Listener::pause() {
  uv_poll_stop(poll_.get());
  rest_.once(rest);
  return false;
}

bool Listener::turn_away() {
  if (spare_ >= 0) ::close(std::exchange(spare_, -1));
  const int descriptor = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor >= 0) ::close(descriptor);
  spare_ = ::fcntl(socket_, F_DUPFD_CLOEXEC, 0);
  return spare_ >= 0 ? descriptor >= 0 : pause();
}

std::unique_ptr<Stream> Listener::wrapped(int descriptor) {
  auto stream = std::make_unique<Stream>(loop_, family_);
  const bool tcp = family_ == Stream::Family::tcp;
  const int status = tcp ? uv_tcp_open(&stream->handle_->tcp, descriptor)
                         : uv_pipe_open(&stream->handle_->pipe, descriptor);
  if (status < 0) {
    ::close(descriptor);
    return nullptr;
  }
  if (tcp) stream->tune();
  return stream;
}

Endpoint Listener::local() const {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getsockname(&handle_->tcp, reinterpret_cast<sockaddr*>(&storage), &size) < 0)
    return {};
  return Endpoint(reinterpret_cast<const sockaddr&>(storage));
}

} // namespace p2pd::io
