#include "daemon/io/listener.hpp"

#include <sys/un.h>

namespace p2pd::io {

namespace {
constexpr int backlog = 1024;
constexpr int most_a_turn = 32;
} // namespace

Listener::Listener(Loop& loop, const Endpoint& at, Accept accept)
    : loop_(loop)
    , accept_(accept)
    , family_(Stream::Family::tcp)
    , handle_(new Handle)
    , next_turn_(loop, bind<&Listener::on_next_turn>(this)) {
  require(uv_tcp_init(loop.handle(), &handle_->tcp), "socket");
  handle_->data = this;
  // [::] is v6 only, so that it and 0.0.0.0 can listen on one port side by side.
  require(uv_tcp_bind(&handle_->tcp, &at.address(), at.v6() ? UV_TCP_IPV6ONLY : 0), "bind");
  listen();
}

Listener::Listener(Loop& loop, const std::filesystem::path& socket, Accept accept)
    : loop_(loop)
    , accept_(accept)
    , family_(Stream::Family::unix_socket)
    , handle_(new Handle)
    , next_turn_(loop, bind<&Listener::on_next_turn>(this)) {
  require(uv_pipe_init(loop.handle(), &handle_->pipe, 0), "socket");
  handle_->data = this;
  // libuv cuts a path that is too long, and would bind another name than was asked for.
  const bool fits = socket.native().size() < sizeof(sockaddr_un::sun_path);
  require(fits ? 0 : UV_ENAMETOOLONG, "bind");
  require(uv_pipe_bind(&handle_->pipe, socket.c_str()), "bind");
  listen();
}

void Listener::listen() {
  require(uv_listen(&handle_->stream, backlog,
                    [](uv_stream_t* server, int status) noexcept {
                      if (auto* self = static_cast<Listener*>(server->data))
                        self->on_connection(status);
                    }),
          "listen");
}

// A failure here is the shortage of the moment, as a rule of descriptors. libuv tries again at
// once, and for ever where the confinement keeps it from its own remedy, which opens "/". With the
// spare one it succeeds, and take() hangs up.
void Listener::on_connection(int status) {
  if (status < 0) return spare_.give_up();
  next_turn_.schedule();
  one_more_ = ++taken_ > most_a_turn;
  if (!one_more_) take();
}

void Listener::on_next_turn() {
  taken_ = 0;
  if (std::exchange(one_more_, false)) take();
}

void Listener::take() {
  auto stream = std::make_unique<Stream>(loop_, family_);
  if (uv_accept(&handle_->stream, stream->stream()) < 0) return;
  if (!spare_.held()) {
    stream.reset();
    return spare_.take();
  }
  if (family_ == Stream::Family::tcp) stream->tune();
  accept_(std::move(stream));
}

Endpoint Listener::local() const {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getsockname(&handle_->tcp, reinterpret_cast<sockaddr*>(&storage), &size) < 0)
    return {};
  return Endpoint(reinterpret_cast<const sockaddr&>(storage));
}

} // namespace p2pd::io
