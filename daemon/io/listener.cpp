#include "daemon/io/listener.hpp"

#include "daemon/io/socket.hpp"

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

Listener::Listener(Loop& loop, Stream::Family family, Accept accept)
    : loop_(loop)
    , accept_(accept)
    , family_(family)
    , handle_(new Handle)
    , rest_(loop, io::bind<&Listener::watch>(this)) {
  require(family == Stream::Family::tcp ? uv_tcp_init(loop.handle(), &handle_->tcp)
                                        : uv_pipe_init(loop.handle(), &handle_->pipe, 0),
          "socket");
  handle_->data = this;
}

Listener::Listener(Loop& loop, const Endpoint& at, Accept accept)
    : Listener(loop, Stream::Family::tcp, accept) {
  require(uv_tcp_open(&handle_->tcp, listening_socket(at)), "socket");
  begin();
}

Listener::Listener(Loop& loop, const std::filesystem::path& socket, Accept accept)
    : Listener(loop, Stream::Family::unix_socket, accept) {
  // libuv cuts a path that is too long, and would bind another name than was asked for.
  const bool fits = socket.native().size() < sizeof(sockaddr_un::sun_path);
  require(fits ? 0 : UV_ENAMETOOLONG, "bind");
  require(uv_pipe_bind(&handle_->pipe, socket.c_str()), "bind");
  begin();
  require(::listen(socket_, backlog) == 0 ? 0 : -errno, "listen");
}

Listener::Listener(Loop& loop, int inherited, Accept accept)
    : Listener(loop, Stream::Family::unix_socket, accept) {
  require(uv_pipe_open(&handle_->pipe, inherited), "socket");
  begin();
}

Listener::~Listener() {
  if (spare_ >= 0) ::close(spare_);
}

void Listener::begin() {
  require(uv_fileno(&handle_->handle, &socket_), "socket");
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
  return local_endpoint(socket_);
}

} // namespace p2pd::io
