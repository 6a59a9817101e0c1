// Serves a few pages to a monitoring system, over HTTP/1.1. libmicrohttpd speaks it, the loop
// drives it: the descriptor of its epoll is in an io::Poll, its patience in a timer.
//
// Whoever reaches the address may read. So that slow and hostile ones cost little: at most 128 are
// connected, the others wait in the kernel; each has 4 KiB for its request and two seconds of
// silence; and a page is made ten times a second at most, however often it is asked for.
//
// Loop thread only. libmicrohttpd: https://www.gnu.org/software/libmicrohttpd/ (0.9.75).
#pragma once

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

  void turn();
  unsigned connections() const;
  const Page* page(std::string_view path);
  std::string paths() const;

  io::Endpoint local_;
  std::map<std::string, Page, std::less<>> pages_;
  std::unique_ptr<MHD_Daemon, Stop> daemon_;
  std::optional<io::Poll> poll_;
  io::Timer patience_;
};

} // namespace p2pd::http
