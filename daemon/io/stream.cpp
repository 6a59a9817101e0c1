#include "daemon/io/stream.hpp"

#include "daemon/io/recycled.hpp"
#include "daemon/io/socket.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::io {

namespace {

constexpr std::uint32_t usual_unsent = 128 * 1024;
// In a row, before the other streams have their turn; libuv alone would read 32 times. With four
// sources at once the loop was busy for 25 ms at a stretch by that, and for 7 with this.
constexpr int most_reads = 4;

Stream* owner_of(uv_stream_t* handle) {
  return static_cast<Stream*>(handle->data);
}

} // namespace

struct Stream::Write : Recycled {
  // What goes to a Unix socket may hold a secret: that is freed, and so wiped.
  ~Write() {
    if (request.handle != nullptr && request.handle->type == UV_TCP) recycle(std::move(head));
  }
  uv_write_t request{};
  std::vector<std::uint8_t> head;
  std::shared_ptr<const void> tail_owner;
};

Stream::Stream(Loop& loop, Family family)
    : handle_(new Handle), report_failure_(loop, bind<&Stream::report_failure>(this)) {
  if (family == Family::tcp)
    require(uv_tcp_init(loop.handle(), &handle_->tcp), "socket");
  else
    require(uv_pipe_init(loop.handle(), &handle_->pipe, 0), "socket");
  handle_->data = this;
}

void Stream::connect(const Endpoint& to, int segment) {
  connecting_ = true;
  const int socket = tcp_socket(to);
  if (socket >= 0 && segment > 0) limit_segments(socket, segment);
  int status = socket < 0 ? socket : uv_tcp_open(&handle_->tcp, socket);
  if (status < 0) {
    if (socket >= 0) ::close(socket);
    return fail_later(status);
  }
  auto request = std::make_unique<uv_connect_t>();
  status = uv_tcp_connect(request.get(), &handle_->tcp, &to.address(),
                          [](uv_connect_t* raw, int result) noexcept {
                            const std::unique_ptr<uv_connect_t> finished(raw);
                            Stream* const self = owner_of(finished->handle);
                            if (self == nullptr) return;
                            if (result == 0) self->tune();
                            self->connecting_ = false;
                            self->listener_->on_connected(error(result));
                          });
  if (status < 0)
    fail_later(status);
  else
    request.release();
}

void Stream::use_default_control() {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_->handle, &descriptor) == 0) io::use_default_control(descriptor);
}

void Stream::bound_retransmission(milliseconds longest) {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_->handle, &descriptor) == 0) io::bound_retransmission(descriptor, longest);
}

// What waits to be sent waits here, where it can still be withdrawn or overtaken by something more
// urgent, and not in the kernel beyond what keeps the path full (tcp(7), TCP_NOTSENT_LOWAT).
void Stream::tune() {
  uv_tcp_nodelay(&handle_->tcp, 1);
  bound_unsent(usual_unsent);
}

void Stream::bound_unsent(std::uint32_t bytes) {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_->handle, &descriptor) == 0)
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}

void Stream::fail_later(int status) {
  failure_ = status;
  report_failure_.schedule();
}

void Stream::report_failure() {
  if (std::exchange(connecting_, false))
    listener_->on_connected(error(failure_));
  else
    end(failure_);
}

void Stream::end(int status) {
  if (broken_) return;
  broken_ = status != UV_EOF;
  listener_->on_end(error(status));
}

void Stream::start_reading() {
  const int status = uv_read_start(
      stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) noexcept {
        Stream* const self = static_cast<Stream*>(handle->data);
        *buffer = uv_buf_init(nullptr, 0);
        self->had_turn_ = self->reads_ == most_reads;
        self->reads_ = self->had_turn_ ? 0 : self->reads_ + 1;
        if (self->had_turn_) return;
        const std::span<std::uint8_t> space = self->listener_->read_buffer();
        *buffer = uv_buf_init(reinterpret_cast<char*>(space.data()),
                              static_cast<unsigned int>(space.size()));
      },
      [](uv_stream_t* handle, ssize_t bytes, const uv_buf_t* buffer) noexcept {
        Stream* const self = owner_of(handle);
        if (self == nullptr || self->had_turn_) return; // libuv comes again for what is left
        if (bytes < static_cast<ssize_t>(buffer->len)) self->reads_ = 0;
        if (bytes == 0) return; // EAGAIN
        if (bytes > 0) return self->listener_->on_read(static_cast<std::size_t>(bytes));
        uv_read_stop(handle);
        if (bytes != UV_ENOBUFS) self->end(static_cast<int>(bytes)); // that was an empty buffer
      });
  if (status < 0 && status != UV_EALREADY) fail_later(status);
}

void Stream::stop_reading() {
  uv_read_stop(stream());
}

void Stream::write(std::vector<std::uint8_t> head, std::span<const std::uint8_t> tail,
                   std::shared_ptr<const void> owner) {
  auto write = std::make_unique<Write>();
  write->head = std::move(head);
  write->tail_owner = std::move(owner);
  write->request.data = write.get();
  const uv_buf_t buffers[] = {
      uv_buf_init(reinterpret_cast<char*>(write->head.data()),
                  static_cast<unsigned int>(write->head.size())),
      // libuv only reads from what it writes, its type merely lacks the const.
      uv_buf_init(reinterpret_cast<char*>(const_cast<std::uint8_t*>(tail.data())),
                  static_cast<unsigned int>(tail.size())),
  };
  const int status =
      uv_write(&write->request, stream(), buffers, tail.empty() ? 1 : 2,
               [](uv_write_t* request, int result) noexcept {
                 const std::unique_ptr<Write> finished(static_cast<Write*>(request->data));
                 Stream* const self = owner_of(request->handle);
                 if (self == nullptr) return;
                 if (result < 0)
                   self->end(result);
                 else
                   self->listener_->on_written();
               });
  // Only a socket that is closed or was never connected is refused at once; its on_end has come or
  // comes.
  if (status == 0) write.release();
}

std::size_t Stream::queued() const {
  return uv_stream_get_write_queue_size(stream());
}

Endpoint Stream::remote() const {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getpeername(&handle_->tcp, reinterpret_cast<sockaddr*>(&storage), &size) < 0)
    return {};
  return Endpoint(reinterpret_cast<const sockaddr&>(storage));
}

Endpoint Stream::local() const {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getsockname(&handle_->tcp, reinterpret_cast<sockaddr*>(&storage), &size) < 0)
    return {};
  return Endpoint(reinterpret_cast<const sockaddr&>(storage));
}

PathInfo Stream::path() const {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_->handle, &descriptor) != 0) return {};
  return path_info(descriptor);
}

bool Stream::hung_up() const {
  pollfd state{};
  return uv_fileno(reinterpret_cast<const uv_handle_t*>(stream()), &state.fd) == 0 &&
         ::poll(&state, 1, 0) == 1 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

Credentials Stream::credentials() const {
  uv_os_fd_t descriptor = -1;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (uv_fileno(reinterpret_cast<const uv_handle_t*>(stream()), &descriptor) < 0 ||
      getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
    return {};
  Credentials caller{peer.uid, peer.gid, peer.pid, {}};
  size = 0; // asked how many, the kernel says ERANGE and the size; none are no error
  getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size);
  caller.groups.resize(size / sizeof(gid_t));
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, caller.groups.data(), &size) < 0)
    caller.groups.clear();
  return caller;
}

} // namespace p2pd::io
