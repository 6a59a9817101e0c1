// The daemon: owns everything. Members are constructed in order and destroyed in reverse, so each
// may rely on those above it. Loop thread only.
#pragma once

#include "daemon/app/reloader.hpp"
#include "daemon/app/service_manager.hpp"
#include "daemon/app/state_dir.hpp"
#include "daemon/control/peer_commands.hpp"
#include "daemon/control/server.hpp"
#include "daemon/control/tracker_commands.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/server.hpp"
#include "daemon/io/address_watch.hpp"
#include "daemon/io/listener.hpp"
#include "daemon/io/reaper.hpp"
#include "daemon/io/signal.hpp"
#include "daemon/net/beacon.hpp"

namespace p2pd::app {

class App final {
 public:
  // Throws std::exception, with the cause and the remedy, if the daemon cannot start. `read` reads
  // the config for a reload.
  App(base::Config config, Reloader::Read read);
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  void run(); // until a signal or the command to stop

 private:
  // Runs the loop until the last handle is closed and the last job is done.
  struct Drain {
    io::Loop& loop;
    ~Drain() { loop.run(); }
  };

  void listen();
  void serve_metrics(const base::HostPort& address);
  http::Subjects subjects();
  void on_connection(std::unique_ptr<io::Stream> stream) { sessions_.accept(std::move(stream)); }
  void apply(); // what a reload can change
  void put_in_force(Reloaded& reloaded);
  void reload(Reloader::Done done);
  // The result is only logged.
  void on_hangup() {
    reload([](const auto&) {});
  }
  void look_around(); // for changed addresses of this machine
  void request_stop() { stop_.schedule(); }
  void stop();
  void say_goodbye();
  void end();

  base::Config config_; // replaced by a reload, and only between loop iterations
  StateDir state_dir_;
  io::Loop loop_;
  io::Reaper reaper_{loop_};
  disk::BufferPool buffers_;
  Drain drain_{loop_}; // frees the buffers that jobs and writes still hold
  state::StateDb state_;
  state::State restored_; // until the peer takes it
  net::SessionSet sessions_;
  // The role may send events to its watchers while it is destroyed.
  std::unique_ptr<control::TrackerCommands> tracker_commands_;
  std::unique_ptr<control::PeerCommands> peer_commands_;
  std::unique_ptr<tracker::Tracker> tracker_; // with its moderator, or else the peer
  std::unique_ptr<tracker::Moderator> moderator_;
  std::unique_ptr<peer::Peer> peer_;
  std::vector<std::unique_ptr<io::Listener>> listeners_;
  std::optional<net::BeaconSender> beacon_; // of a tracker
  control::Dispatcher dispatcher_;
  Reloader reloader_;
  control::Node node_;
  std::unique_ptr<control::Server> control_;
  std::optional<http::Server> http_;
  ServiceManager service_manager_;
  io::Deferred stop_;
  io::AddressWatch address_watch_;
  io::Timer look_around_;
  io::Timer patience_; // with disks, on shutdown
  io::Signal terminate_;
  io::Signal interrupt_;
  io::Signal hangup_;
};

} // namespace p2pd::app
