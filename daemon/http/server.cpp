#include "daemon/http/server.hpp"

#include "daemon/base/log.hpp"

#include <cstdarg>
#include <fmt/core.h>
#include <microhttpd.h>

namespace p2pd::http {

namespace {

constexpr unsigned most_connections = 128;
constexpr std::size_t request_memory = 4096; // of a connection
constexpr unsigned longest_silence = 2;      // seconds
constexpr io::milliseconds freshness{100};   // of a page

// Mostly about what clients send, so of no interest to those who keep the log.
void log(void*, const char* format, va_list arguments) {
  std::array<char, 256> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  base::log::debug("http", "{}", line.data());
}

MHD_Result answer(MHD_Connection* connection, unsigned status, std::string_view type,
                  std::string_view body) {
  MHD_Response* const response = MHD_create_response_from_buffer(
      body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY); // it only reads
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
    : patience_(loop, io::bind<&Server::turn>(this)) {
  const int socket = io::listening_socket(at);
  local_ = io::local_endpoint(socket);
  daemon_.reset(MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, nullptr, nullptr,
                                 &Answers::handle, this, MHD_OPTION_EXTERNAL_LOGGER, &log, nullptr,
                                 MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT,
                                 most_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 request_memory, MHD_OPTION_CONNECTION_TIMEOUT, longest_silence,
                                 MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END));
  if (daemon_ == nullptr) {
    ::close(socket);
    throw std::system_error(ENOMEM, std::system_category(), "libmicrohttpd");
  }
  poll_.emplace(loop, MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
                io::bind<&Server::turn>(this));
}

void Server::add(std::string path, std::string type, Make make) {
  pages_.emplace(std::move(path), Page{std::move(type), std::move(make)});
}

// It does what is due, and says when to call it again even if nothing comes. Where a connection has
// ended, it has to be called once more to look at those that waited for a place; it does not say
// so.
void Server::turn() {
  const unsigned before = connections();
  MHD_run(daemon_.get());
  MHD_UNSIGNED_LONG_LONG wait = 0;
  const bool waits = MHD_get_timeout(daemon_.get(), &wait) == MHD_YES;
  if (connections() < before)
    patience_.once(io::milliseconds(0));
  else if (waits)
    patience_.once(io::milliseconds(wait));
  else
    patience_.stop();
}

unsigned Server::connections() const {
  return MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
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
