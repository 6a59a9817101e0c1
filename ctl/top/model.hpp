// What "top" shows: the daemon's answers, and the rates between them. Thread: one; the time is an
// argument. Units: bytes, bytes per second, milliseconds.
#pragma once

#include "ctl/render/progress.hpp"

#include <deque>
#include <map>

namespace p2pd::ctl::top {

using Time = std::chrono::steady_clock::time_point;

// A count that grows, and how fast it did between the last looks at it.
class Meter {
 public:
  static constexpr std::size_t most_rates = 60; // a minute

  void look(std::uint64_t count, Time now);
  std::optional<std::uint64_t> rate() const; // nothing before the second look
  const std::deque<std::uint64_t>& rates() const { return rates_; } // the latest last

 private:
  std::optional<std::pair<std::uint64_t, Time>> last_;
  std::deque<std::uint64_t> rates_;
};

struct Transfer {
  std::string id;
  std::string state;
  Bar bar;
};

struct Peer {
  std::string name;
  std::string address;
  std::string version;
  std::optional<double> rtt_ms;
  std::optional<std::uint64_t> up, down; // rates
};

enum class Order : std::uint8_t { rate, name, age };
std::string_view to_text(Order order);

class Model {
 public:
  void take_status(const proto::Value& status, Time now);
  void take_transfers(const proto::Value& answer);
  void take_peers(const proto::Value& answer, Time now);
  void sort_by(Order order);

  bool tracker() const { return status_["role"] == proto::Value("tracker"); }
  const proto::Value& status() const { return status_; }
  const Meter& up() const { return up_; }
  const Meter& down() const { return down_; }
  const std::vector<Transfer>& transfers() const { return transfers_; }
  const std::vector<Peer>& peers() const { return peers_; }
  Order order() const { return order_; }

 private:
  struct Traffic {
    Meter up, down;
  };

  proto::Value status_;
  Meter up_, down_;
  std::vector<Transfer> transfers_;
  std::vector<Peer> peers_;
  std::map<std::string, Traffic> traffic_; // by peer id
  Order order_ = Order::rate;
};

} // namespace p2pd::ctl::top
