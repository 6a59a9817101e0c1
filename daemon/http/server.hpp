// Serves a few pages to a monitoring system over HTTP/1.1, with libmicrohttpd, which the loop
// drives: its epoll descriptor is in an io::Poll, its timeout in a timer.
//
// Whoever reaches the address may read. Slow and hostile clients cost little and block nobody: at
// most 64 are connected, 32 of them from one network, and the oldest is evicted for the next
// (callers.hpp); each may send 4 KiB, be silent for two seconds and stay for ten; and a page is
// made at most ten times a second, however often it is requested.
//
// Loop thread only. libmicrohttpd: https://www.gnu.org/software/libmicrohttpd/ (0.9.75).
#pragma once

#include "daemon/http/callers.hpp"
#include "daemon/io/poll.hpp"
#include "daemon/io/socket.hpp"
#include "daemon/io/timer.hpp"

#include <functional>
#include <map>

struct MHD_Daemon;

namespace p2pd::http {

class Server final {
 public:
  using Make = std::function<std::string()>;

  // Throws std::system_error if it cannot listen there.
  Server(io::Loop& loop, const io::Endpoint& at);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void add(std::string path, std::string type, Make make);

  const io::Endpoint& local() const { return local_; }

 private:
  struct Page {
    std::string type; // its MIME type
    Make make;
    std::string text{};
    io::Time made{};
  };
  struct Stop {
    void operator()(MHD_Daemon* daemon) const;
  };
  struct Answers; // callbacks of libmicrohttpd

  void accept();
  bool accept_one(); // false: no connection, or no descriptor for it
  void listen();
  void rest();
  void let_go(int descriptor);
  void turn();
  const Page* page(std::string_view path);
  std::string paths() const;

  io::Loop& loop_;
  io::Endpoint local_;
  int socket_ = -1; // the listener
  Callers callers_;
  std::map<std::string, Page, std::less<>> pages_;
  std::unique_ptr<MHD_Daemon, Stop> daemon_;
  std::optional<io::Poll> listening_; // nothing while accepting is paused
  std::optional<io::Poll> poll_;
  io::Deferred rest_;
  io::Timer listen_again_;
  io::Timer patience_;
};

} // namespace p2pd::http
