// Takes orders over a Unix socket, one line each, and answers each with a line of figures when it
// is done. Loop thread only.
//
//   connect N                        N more peers come              seconds
//   hold CONTENTS EACH               every peer publishes EACH of the contents, and again whenever
//                                    it comes back                  seconds
//   announce PEERS BATCH SECONDS     these publish and withdraw, BATCH at a time, while another
//                                    asks for the first page of files
//                                                                   count, seconds, p50, p99 (ms)
//   locate PEERS BATCH SECONDS       these ask who has contents     count, seconds
//   search PATTERN TIMES             they ask in turn               p50, p99, most (ms)
//   return                           answered when all were lost, are back, and have published
//   udp PORT SECONDS                 announces to a BitTorrent tracker     count, seconds
//   quit
#pragma once

#include "daemon/io/histogram.hpp"
#include "daemon/io/listener.hpp"
#include "tests/bench/tracker/crowd.hpp"

#include <sstream>

namespace bench {

class Desk final : private CrowdOwner, private io::StreamListener {
 public:
  Desk(io::Loop& loop, const char* socket, std::uint16_t port, const proto::noise::Psk& secret);

 private:
  void on_complete() override;
  void on_member_ready(Member& member) override;
  void on_member_answered(Member& member) override;

  void on_accept(std::unique_ptr<io::Stream> stream);
  std::span<std::uint8_t> read_buffer() override { return line_; }
  void on_read(std::size_t bytes) override;
  void on_end(std::error_code) override { loop_.stop(); }

  void carry_out(std::istringstream order);
  void begin_load(std::istringstream& order);
  void answer(const std::string& figures);
  void publish_next(Member& member);
  void load(Member& member);
  void ask();
  void on_asked();
  void on_load_over();
  double seconds() const; // since the order came
  std::string latency() const;

  enum class Task : std::uint8_t { none, connect, hold, announce, locate, search, come_back };

  io::Loop& loop_;
  Crowd crowd_;
  io::Listener listener_;
  std::unique_ptr<io::Stream> front_;
  std::array<std::uint8_t, 256> line_;

  Task task_ = Task::none;
  io::Time begin_;
  std::size_t contents_ = 0;          // that there are to hold
  std::size_t each_ = 0;              // that each member holds
  std::vector<std::size_t> held_;     // by each member
  std::size_t whole_ = 0;             // members that hold all of theirs
  std::size_t batch_ = 0;             // requests of a load, at a time
  std::vector<proto::Bytes> batches_; // of each member that takes part
  std::size_t loading_ = 0;           // members that have not ended yet
  std::uint64_t count_ = 0;           // requests that were answered
  bool over_ = false;
  std::string pattern_;
  std::size_t questions_ = 0; // still to be asked
  io::Time asked_;
  io::Histogram latency_;
  io::Timer load_over_;
  io::Timer ask_again_;
};

} // namespace bench
