#include "tests/unit/ctl_fake_daemon.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

bool receive(int socket, proto::MutableView bytes) {
  return ::recv(socket, bytes.data(), bytes.size(), MSG_WAITALL) ==
         static_cast<ssize_t>(bytes.size());
}

int listening_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket, 1) != 0)
    throw std::runtime_error("cannot listen at " + path);
  return socket;
}

class Caught {
 public:
  Caught() : stream_(::open_memstream(&text_, &size_)) {}
  ~Caught() {
    std::fclose(stream_);
    std::free(text_);
  }
  Caught(const Caught&) = delete;
  Caught& operator=(const Caught&) = delete;

  std::FILE* stream() { return stream_; }
  std::string text() {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

} // namespace

proto::ControlRequest DaemonEnd::request() {
  proto::Bytes frame(proto::frame_header);
  if (!receive(socket_, frame)) return {};
  const std::size_t length = std::size_t{frame[1]} << 16 | std::size_t{frame[2]} << 8 | frame[3];
  frame.resize(length);
  if (!receive(socket_, frame)) return {};
  return proto::decode_request(decoder_, frame);
}

void DaemonEnd::send(std::uint64_t id, proto::ReplyKind kind, proto::Value body) {
  proto::Bytes frame;
  proto::encode_frame(proto::ControlReply{id, kind, std::move(body)}, frame);
  raw(frame);
}

void DaemonEnd::raw(proto::View bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return; // p2pctl has gone, as some tests want it to
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

FakeDaemon::FakeDaemon(std::function<void(DaemonEnd&)> script) {
  char folder[] = "/tmp/p2pctl-test-XXXXXX";
  if (::mkdtemp(folder) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = folder;
  path_ = folder_ + "/p2pd.sock";
  listener_ = listening_socket(path_);
  thread_ = std::thread([listener = listener_, script = std::move(script)] {
    sigset_t all; // signals are for the thread that p2pctl runs in
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    const int socket = ::accept(listener, nullptr, nullptr);
    if (socket < 0) return; // nobody called before the test was over
    DaemonEnd end(socket);
    script(end);
    ::close(socket);
  });
}

FakeDaemon::~FakeDaemon() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
  ::rmdir(folder_.c_str());
}

Outcome p2pctl(const std::vector<std::string>& arguments) {
  Caught out;
  Caught err;
  const proto::ExitCode code = run(arguments, out.stream(), err.stream());
  return {static_cast<int>(code), out.text(), err.text()};
}

} // namespace p2pd::ctl
