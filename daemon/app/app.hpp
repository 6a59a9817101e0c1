// The daemon: owns everything. Its members are made in the order in which they stand and torn down
// in the reverse, so each may rely on what stands above it. Loop thread only.
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
  // Throws std::exception, with the cause and the remedy, when the daemon cannot start.
  // `read` gives the config of a reload.
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
  // The log tells what came of it.
  void on_hangup() {
    reload([](const auto&) {});
  }
  void look_around(); // have this machine's addresses changed?
  void request_stop() { stop_.schedule(); }
  void stop();
  void say_goodbye();
  void end();

  base::Config config_; // replaced by a reload, and between turns of the loop alone
  StateDir state_dir_;
  io::Loop loop_;
  io::Reaper reaper_{loop_};
  disk::BufferPool buffers_;
  Drain drain_{loop_}; // frees what jobs and writes still hold of the buffers
  state::StateDb state_;
  state::State restored_; // until the peer has it
  net::SessionSet sessions_;
  // What the role tells its watchers may come while that is torn down.
  std::unique_ptr<control::TrackerCommands> tracker_commands_;
  std::unique_ptr<control::PeerCommands> peer_commands_;
  std::unique_ptr<tracker::Tracker> tracker_; // the one with its moderator, or the other
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
  io::Timer patience_; // with disks, at the end
  io::Signal terminate_;
  io::Signal interrupt_;
  io::Signal hangup_;
};

} // namespace p2pd::app
