#include "daemon/http/server.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <fmt/core.h>
#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::http {

namespace {

constexpr unsigned most_known = 2 * Callers::most; // including those being closed
constexpr int most_a_turn = 32;
constexpr io::milliseconds rest_without_descriptors{100};
constexpr std::size_t request_memory = 4096; // per connection
constexpr unsigned longest_silence = 2;      // seconds
constexpr io::milliseconds freshness{100};   // of a page

// Mostly about what clients send, so for debugging only.
void log(void*, const char* format, va_list arguments) {
  std::array<char, 256> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  base::log::debug("http", "{}", line.data());
}

MHD_Result answer(MHD_Connection* connection, unsigned status, std::string_view type,
                  std::string_view body) {
  MHD_Response* const response = MHD_create_response_from_buffer(
      body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY); // it is only read
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, std::string(type).c_str());
  MHD_add_response_header(response, MHD_HTTP_HEADER_X_CONTENT_TYPE_OPTIONS, "nosniff");
  if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  const MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

} // namespace

struct Server::Answers {
  static void on_connection(void* context, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what) noexcept {
    if (what != MHD_CONNECTION_NOTIFY_CLOSED) return;
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != nullptr) static_cast<Server*>(context)->callers_.left(info->connect_fd);
  }
  static MHD_Result handle(void* context, MHD_Connection* connection, const char* url,
                           const char* method, const char*, const char*, std::size_t*,
                           void**) noexcept {
    constexpr std::string_view text = "text/plain; charset=utf-8";
    const std::string_view verb = method;
    if (verb != MHD_HTTP_METHOD_GET && verb != MHD_HTTP_METHOD_HEAD)
      return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, text, "only GET and HEAD\n");
    auto& server = *static_cast<Server*>(context);
    const Page* const page = server.page(url);
    if (page == nullptr)
      return answer(connection, MHD_HTTP_NOT_FOUND, text,
                    fmt::format("there is nothing here but {}\n", server.paths()));
    return answer(connection, MHD_HTTP_OK, page->type, page->text);
  }
};

void Server::Stop::operator()(MHD_Daemon* daemon) const {
  MHD_stop_daemon(daemon);
}

Server::Server(io::Loop& loop, const io::Endpoint& at)
    : loop_(loop)
    , rest_(loop, io::bind<&Server::rest>(this))
    , listen_again_(loop, io::bind<&Server::listen>(this))
    , patience_(loop, io::bind<&Server::turn>(this)) {
  const int socket = io::listening_socket(at);
  local_ = io::local_endpoint(socket);
  daemon_.reset(MHD_start_daemon(
      MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET, 0, nullptr, nullptr,
      &Answers::handle, this, MHD_OPTION_EXTERNAL_LOGGER, &log, nullptr,
      MHD_OPTION_NOTIFY_CONNECTION, &Answers::on_connection, this, MHD_OPTION_CONNECTION_LIMIT,
      most_known, MHD_OPTION_CONNECTION_MEMORY_LIMIT, request_memory, MHD_OPTION_CONNECTION_TIMEOUT,
      longest_silence, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END));
  if (daemon_ == nullptr) {
    ::close(socket);
    throw std::system_error(ENOMEM, std::system_category(), "libmicrohttpd");
  }
  socket_ = socket;
  poll_.emplace(loop, MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
                io::bind<&Server::turn>(this));
  listen();
}

Server::~Server() {
  listening_.reset();
  ::close(socket_);
}

void Server::add(std::string path, std::string type, Make make) {
  pages_.emplace(std::move(path), Page{std::move(type), std::move(make)});
}

void Server::listen() {
  listening_.emplace(loop_, socket_, io::bind<&Server::accept>(this));
}

void Server::rest() {
  listening_.reset();
  listen_again_.once(rest_without_descriptors);
}

void Server::accept() {
  for (int taken = 0; taken < most_a_turn && accept_one(); ++taken) {
  }
  turn();
}

bool Server::accept_one() {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  auto* const address = reinterpret_cast<sockaddr*>(&from);
  const int descriptor = ::accept4(socket_, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ECONNABORTED || errno == EINTR) return true;
    if (errno != EAGAIN) rest_.schedule(); // retried at once, it would keep the loop busy
    return false;
  }
  const std::uint64_t network = io::Endpoint(*address).network();
  if (const auto leaver = callers_.leaver_for(network)) let_go(*leaver);
  // It closes the descriptor if it refuses.
  if (MHD_add_connection(daemon_.get(), descriptor, address, size) == MHD_YES)
    callers_.came(descriptor, network, io::Clock::now());
  return true;
}

// libmicrohttpd notices and closes it.
void Server::let_go(int descriptor) {
  callers_.left(descriptor);
  ::shutdown(descriptor, SHUT_RDWR);
}

// Runs libmicrohttpd, which says when to run it again even without events.
void Server::turn() {
  for (const int descriptor : callers_.overdue(io::Clock::now())) let_go(descriptor);
  MHD_run(daemon_.get());
  MHD_UNSIGNED_LONG_LONG wait = 0;
  std::optional<io::milliseconds> next;
  if (MHD_get_timeout(daemon_.get(), &wait) == MHD_YES) next = io::milliseconds(wait);
  if (const auto due = callers_.next_due()) {
    const auto left = std::chrono::ceil<io::milliseconds>(*due - io::Clock::now());
    next = std::min(next.value_or(left), std::max(left, io::milliseconds(0)));
  }
  if (next)
    patience_.once(*next);
  else
    patience_.stop();
}

const Server::Page* Server::page(std::string_view path) {
  const auto found = pages_.find(path);
  if (found == pages_.end()) return nullptr;
  Page& page = found->second;
  if (const io::Time now = io::Clock::now(); page.text.empty() || now - page.made > freshness) {
    page.text = page.make();
    page.made = now;
  }
  return &page;
}

std::string Server::paths() const {
  std::string list;
  for (const auto& [path, page] : pages_) list += (list.empty() ? "" : ", ") + path;
  return list;
}

} // namespace p2pd::http
