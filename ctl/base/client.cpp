#include "ctl/base/client.hpp"

#include "ctl/base/reach.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

using proto::ControlReply;
using proto::ExitCode;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t read_size = std::size_t{64} * 1024;

// connect() on a Unix socket waits while the daemon's backlog is full; this bounds it.
timeval time_left(Client::Deadline deadline) {
  if (!deadline) return {};
  const auto left =
      std::max(std::chrono::ceil<microseconds>(*deadline - Client::Clock::now()), microseconds(1));
  timeval time{};
  time.tv_sec = left.count() / 1'000'000;
  time.tv_usec = left.count() % 1'000'000;
  return time;
}

int connected_socket(const std::string& path, const std::string& unit, Client::Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw Failure(ExitCode::usage, "the socket path " + path + " is over 107 bytes",
                  "name a shorter one");
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    throw Failure(ExitCode::failed, std::string("no socket is to be had: ") + std::strerror(errno));
  const timeval time = time_left(deadline);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return socket;
  const int error = errno;
  ::close(socket);
  throw unreachable(path, unit, error);
}

// poll() counts in milliseconds: rounded up, so that it never returns just before the time.
int poll_time(Client::Deadline until) {
  if (!until) return -1;
  const auto left = std::chrono::ceil<milliseconds>(*until - Client::Clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, 1'000'000));
}

Failure lost(int error) {
  return {ExitCode::failed,
          std::string("the connection to the daemon broke: ") + std::strerror(error),
          "its log says why"};
}

} // namespace

Client::Client(const std::string& socket_path, const std::string& unit, Deadline deadline,
               int interrupt, int resized)
    : socket_(connected_socket(socket_path, unit, deadline))
    , interrupt_(interrupt)
    , resized_(resized)
    , deadline_(deadline) {}

Client::~Client() {
  ::close(socket_);
}

void Client::send(const proto::ControlRequest& request) {
  proto::encode_frame(request, out_);
}

Next Client::next(ControlReply& reply, Deadline wake) {
  while (!take_reply(reply)) {
    const Clock::time_point now = Clock::now();
    if (deadline_ && now >= *deadline_) return Next::timed_out;
    if (wake && now >= *wake) return Next::wake;
    const Deadline until = wake && deadline_ ? std::min(wake, deadline_) : wake ? wake : deadline_;
    const auto wanted = static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT);
    std::array<pollfd, 3> watched{pollfd{socket_, wanted, 0}, pollfd{interrupt_, POLLIN, 0},
                                  pollfd{resized_, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), poll_time(until)) < 0) {
      if (errno != EINTR) throw lost(errno);
      continue;
    }
    if ((watched[1].revents & POLLIN) != 0) return Next::interrupted;
    if (signalfd_siginfo seen{};
        (watched[2].revents & POLLIN) != 0 && ::read(resized_, &seen, sizeof seen) > 0)
      return Next::resized;
    if ((watched[0].revents & POLLOUT) != 0) write_some();
    if ((watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_some())
      return Next::closed;
  }
  return Next::reply;
}

uid_t Client::daemon_user() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket_, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    throw Failure(ExitCode::failed,
                  std::string("the socket tells no user: ") + std::strerror(errno));
  return peer.uid;
}

Next Client::check() const {
  if (deadline_ && Clock::now() >= *deadline_) return Next::timed_out;
  pollfd watched{interrupt_, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0 ? Next::interrupted : Next::wake;
}

bool Client::take_reply(ControlReply& reply) try {
  const auto frame = proto::front_frame(proto::View(in_).subspan(taken_), proto::max_reply);
  if (!frame) return false;
  reply = proto::decode_reply(decoder_, *frame);
  taken_ += proto::frame_header + frame->size();
  return true;
} catch (const proto::Error& error) {
  throw not_understood(error);
}

void Client::write_some() {
  const ssize_t written = ::send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0) {
    // A daemon that has closed may have said why: that is read first.
    if (errno == EPIPE || errno == ECONNRESET)
      out_.clear();
    else if (errno != EAGAIN && errno != EINTR)
      throw lost(errno);
    return;
  }
  out_.erase(out_.begin(), out_.begin() + written);
}

bool Client::read_some() {
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  const std::size_t held = in_.size();
  in_.resize(held + read_size);
  const ssize_t got = ::recv(socket_, in_.data() + held, read_size, MSG_DONTWAIT);
  const int error = errno;
  in_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0 && error != EAGAIN && error != EINTR && error != ECONNRESET) throw lost(error);
  return got > 0 || (got < 0 && error != ECONNRESET);
}

Failure ended_early(Next reason, const Aftermath& aftermath) {
  if (reason == Next::closed)
    return {ExitCode::failed, "the daemon went away before it answered",
            "its log says why; \"p2pctl status\" tells whether it is back"};
  const bool late = reason == Next::timed_out;
  if (late && aftermath.message.empty())
    return {ExitCode::timed_out, "the daemon did not answer in time",
            "its log says more; or allow more time with --timeout"};
  std::string message = late ? "the time is over" : "interrupted";
  if (!aftermath.message.empty()) message += ": " + aftermath.message;
  return {late ? ExitCode::timed_out : ExitCode::interrupted, std::move(message), aftermath.remedy};
}

Failure not_understood(const proto::Error& error) {
  return {ExitCode::failed, std::string("the daemon's answer is not understood: ") + error.what(),
          "use p2pctl and p2pd of one version"};
}

} // namespace p2pd::ctl
