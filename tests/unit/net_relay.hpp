// Who else may be on the wire: a relay that tampers with the bytes between two nodes, a stranger
// that speaks no p2pd, and a host that says nothing at all.
#pragma once

#include "tests/unit/net_fixture.hpp"

namespace p2pd::net {

// Accepts and says nothing.
class MuteHost final {
 public:
  explicit MuteHost(io::Loop& loop)
      : listener_(loop, loopback(), io::bind<&MuteHost::on_stream>(this)) {}
  io::Endpoint at() const { return listener_.local(); }

 private:
  void on_stream(std::unique_ptr<io::Stream> stream) {
    stream->listen_to(ear_);
    streams_.push_back(std::move(stream));
  }
  io::Ear ear_;
  std::vector<std::unique_ptr<io::Stream>> streams_;
  io::Listener listener_;
};

inline base::HostPort host_port(const io::Endpoint& endpoint) {
  return {endpoint.host(), endpoint.port()};
}

// Stands between a dialler and a node, passes on what each says, and counts it. `forth` and
// `back` may change what passes, or keep a part by shortening it: what they take away is gone.
class Relay final {
 public:
  using Touch = std::function<void(Bytes&)>;

  Relay(io::Loop& loop, const io::Endpoint& to)
      : loop_(loop), to_(to), listener_(loop, loopback(), io::bind<&Relay::on_stream>(this)) {}

  io::Endpoint at() const { return listener_.local(); }
  Touch forth = [](Bytes&) {};
  Touch back = [](Bytes&) {};
  std::size_t bytes_forth = 0, bytes_back = 0;               // as they came to the relay
  void pass(Bytes bytes) { node_->write(std::move(bytes)); } // to the node
  void cut() { end_.schedule(); }

 private:
  struct Side final : io::StreamListener {
    std::span<std::uint8_t> read_buffer() override { return buffer; }
    void on_connected(std::error_code) override { relay->on_connected(); }
    void on_read(std::size_t size) override {
      Bytes bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
      relay->on_bytes(*this, std::move(bytes));
    }
    void on_end(std::error_code) override { relay->end_.schedule(); }
    Relay* relay = nullptr;
    Bytes buffer = Bytes(64 * 1024);
  };

  void on_stream(std::unique_ptr<io::Stream> stream) {
    dialler_ = std::move(stream);
    node_ = std::make_unique<io::Stream>(loop_, io::Stream::Family::tcp);
    dialler_ear_.relay = node_ear_.relay = this;
    dialler_->listen_to(dialler_ear_);
    node_->listen_to(node_ear_);
    node_->connect(to_);
  }
  void on_connected() {
    dialler_->start_reading();
    node_->start_reading();
  }
  void on_bytes(Side& from, Bytes bytes) {
    const bool is_forth = &from == &dialler_ear_;
    (is_forth ? bytes_forth : bytes_back) += bytes.size();
    (is_forth ? forth : back)(bytes);
    if (!bytes.empty()) (is_forth ? node_ : dialler_)->write(std::move(bytes));
  }
  void end() {
    dialler_.reset();
    node_.reset();
  }

  io::Loop& loop_;
  io::Endpoint to_;
  Side dialler_ear_, node_ear_;
  std::unique_ptr<io::Stream> dialler_, node_;
  io::Deferred end_{loop_, io::bind<&Relay::end>(this)};
  io::Listener listener_;
};

// Dials a node and says what it likes.
class Stranger final {
 public:
  Stranger(io::Loop& loop, const io::Endpoint& to) : stream_(loop, io::Stream::Family::tcp) {
    stream_.listen_to(ear);
    ear.when_connected = [this] { stream_.start_reading(); };
    stream_.connect(to);
  }
  void say(View bytes) { stream_.write({bytes.begin(), bytes.end()}); }
  bool connected() const { return !ear.connected.empty(); }
  bool dropped() const { return !ear.ended.empty(); }

  io::Ear ear;

 private:
  io::Stream stream_;
};

// Splits a stream of bytes into the records it is made of, however it is cut.
class Records final {
 public:
  // Calls use(record) for each that is whole now, length prefix and all; it may change it.
  template <class Use>
  Bytes feed(View bytes, Use&& use) {
    rest_.insert(rest_.end(), bytes.begin(), bytes.end());
    Bytes out;
    while (rest_.size() >= 2) {
      const std::size_t size = 2 + (std::size_t{rest_[0]} << 8 | rest_[1]);
      if (rest_.size() < size) break;
      Bytes record(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
      rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
      use(count++, record);
      out.insert(out.end(), record.begin(), record.end());
    }
    return out;
  }
  std::size_t count = 0;

 private:
  Bytes rest_;
};

} // namespace p2pd::net
