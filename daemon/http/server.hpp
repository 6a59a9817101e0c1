// Serves a few pages to a monitoring system, over HTTP/1.1. libmicrohttpd speaks it, the loop
// drives it: the descriptor of its epoll is in an io::Poll, its patience in a timer.
//
// Whoever reaches the address may read. So that slow and hostile ones cost little, and nobody waits
// for them: at most 64 are connected, 32 of them from one network, and the one that came first
// makes way for the next (callers.hpp); each has 4 KiB for its request, two seconds of silence and
// ten in all; and a page is made ten times a second at most, however often it is asked for.
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

  // Throws std::system_error when it cannot listen there.
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
  struct Answers; // libmicrohttpd's calls

  void accept();
  bool accept_one(); // false: there is none, or no descriptor for it
  void listen();
  void rest();
  void let_go(int descriptor);
  void turn();
  const Page* page(std::string_view path);
  std::string paths() const;

  io::Loop& loop_;
  io::Endpoint local_;
  int socket_ = -1; // it listens
  Callers callers_;
  std::map<std::string, Page, std::less<>> pages_;
  std::unique_ptr<MHD_Daemon, Stop> daemon_;
  std::optional<io::Poll> listening_; // nothing while it rests
  std::optional<io::Poll> poll_;
  io::Deferred rest_;
  io::Timer listen_again_;
  io::Timer patience_;
};

} // namespace p2pd::http
