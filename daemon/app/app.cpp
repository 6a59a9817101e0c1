#include "daemon/app/app.hpp"

#include "daemon/app/confinement.hpp"
#include "daemon/app/descriptors.hpp"
#include "daemon/app/status_line.hpp"
#include "daemon/app/threads.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/system_limits.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/io/interfaces.hpp"
#include "daemon/io/pool.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/ranges.h>
#include <sodium.h>

namespace p2pd::app {

namespace {

constexpr io::milliseconds longest_stop{1500};
constexpr io::milliseconds look_around_period{5000};

std::vector<std::string> texts(const std::vector<io::Endpoint>& interfaces) {
  std::vector<std::string> hosts;
  for (const io::Endpoint& own : interfaces)
    if (!own.loopback() && !own.link_local()) hosts.push_back(own.host());
  std::ranges::sort(hosts);
  return hosts;
}

std::runtime_error in_use(std::string_view key, const base::HostPort& address,
                          const std::system_error& error) {
  if (error.code() == std::errc::not_enough_memory)
    return std::runtime_error(
        fmt::format("{} {}: {}", key, to_text(address), base::memory_limit()));
  return std::runtime_error(fmt::format("{} {}: {}; stop what uses it or choose another address",
                                        key, to_text(address), error.code().message()));
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  randombytes_buf(&number, sizeof number);
  return number;
}

net::Self self_of(const base::Config& config) {
  net::Self self;
  self.role = config.role == base::Role::tracker ? proto::Role::tracker : proto::Role::peer;
  self.name = config.name;
  self.site = config.site;
  for (const base::HostPort& address : config.advertise) self.advertise.push_back(to_text(address));
  return self;
}

} // namespace

App::App(base::Config config, Reloader::Read read)
    : config_(std::move(config))
    , state_dir_(config_.state_dir)
    , buffers_(loop_, config_.memory)
    , state_(loop_, (config_.state_dir / "state.db").string())
    , sessions_(loop_, load_keys(config_), self_of(config_), config_.connections)
    , dispatcher_(config_.role == base::Role::tracker)
    , reloader_(loop_, config_, sessions_, std::move(read), io::bind<&App::put_in_force>(this))
    , node_{config_,
            loop_,
            sessions_,
            {},
            [this] { request_stop(); },
            [this](Reloader::Done done) { reload(std::move(done)); }}
    , service_manager_(loop_, [this] { return status_line(subjects()); })
    , stop_(loop_, io::bind<&App::stop>(this))
    , address_watch_(loop_, io::bind<&App::look_around>(this))
    , look_around_(loop_, io::bind<&App::look_around>(this))
    , patience_(loop_, io::bind<&App::end>(this))
    , terminate_(loop_, SIGTERM, io::bind<&App::request_stop>(this))
    , interrupt_(loop_, SIGINT, io::bind<&App::request_stop>(this))
    , hangup_(loop_, SIGHUP, io::bind<&App::on_hangup>(this)) {
  raise_descriptor_limit();
  const std::size_t threads = possible_threads();
  confine(config_); // there is no other thread yet
  io::start_pool(loop_, threads);
  auto opened = state_.open();
  if (!opened) throw std::runtime_error(opened.fault().message);
  if (!opened->warning.empty()) base::log::error("app", "{}", opened->warning);
  restored_ = std::move(opened->state);
  if (config_.role == base::Role::tracker) {
    tracker_ = std::make_unique<tracker::Tracker>(loop_, config_.peer_timeout);
    sessions_.set_incoming(*tracker_);
    sessions_.share().allowance = tracker::allowance_of_a_peer;
    moderator_ = std::make_unique<tracker::Moderator>(sessions_, state_, *tracker_);
    moderator_->restore(restored_.bans);
    tracker_commands_ =
        std::make_unique<control::TrackerCommands>(dispatcher_, node_, *tracker_, *moderator_);
  } else {
    peer_ = std::make_unique<peer::Peer>(loop_, config_, sessions_, state_, buffers_);
    sessions_.set_incoming(*peer_);
    peer_commands_ = std::make_unique<control::PeerCommands>(dispatcher_, node_, *peer_);
  }
  bind_common(dispatcher_, node_);
  sessions_.self().instance = random_number();
  listen();
  control_ = std::make_unique<control::Server>(loop_, config_, inherited_socket(), dispatcher_);
  if (config_.http_listen) serve_metrics(*config_.http_listen);
}

void App::listen() {
  std::vector<io::Endpoint>& listening = sessions_.self().listening;
  for (const base::HostPort& address : config_.listen) {
    const io::Endpoint at = *io::Endpoint::from(address);
    try {
      listeners_.push_back(
          std::make_unique<io::Listener>(loop_, at, io::bind<&App::on_connection>(this)));
      listening.push_back(listeners_.back()->local());
      node_.listen.push_back(listening.back().text());
    } catch (const std::system_error& error) {
      // "[::]" beside "0.0.0.0" is fine on a kernel without IPv6.
      if (at.unspecified() && error.code() == std::errc::address_family_not_supported) continue;
      throw in_use("[network] listen", address, error);
    }
  }
  if (listeners_.empty())
    throw std::runtime_error("[network] listen: this machine has neither IPv6 nor IPv4");
}

void App::serve_metrics(const base::HostPort& address) try {
  http_.emplace(loop_, *io::Endpoint::from(address));
  http_->add("/healthz", "text/plain", [] { return std::string("ok\n"); });
  http_->add("/metrics", "text/plain; version=0.0.4; charset=utf-8",
             [this] { return http::metrics(subjects()); });
  base::log::info("app", "metrics at http://{}/metrics", http_->local().text());
} catch (const std::system_error& error) {
  throw in_use("[http] listen", address, error);
}

http::Subjects App::subjects() {
  return {config_, loop_, sessions_, buffers_, peer_.get(), tracker_.get()};
}

void App::run() {
  base::log::info("app", "{} {} {} ({})", to_text(config_.role), config_.name, P2PD_VERSION,
                  proto::to_text(sessions_.id()));
  for (const std::string& address : node_.listen)
    base::log::info("app", "listening on {}", address);
  for (const io::Endpoint& address :
       net::not_up(sessions_.self().listening, sessions_.interfaces()))
    base::log::warn(
        "app", "{} is not an address of this machine yet; p2pd can be reached there once it is",
        address.text());
  if (peer_ != nullptr) peer_->start(std::exchange(restored_, {}));
  apply();
  look_around_.every(look_around_period);
  service_manager_.ready();
  loop_.run();
}

void App::apply() {
  base::log::set_level(config_.log_level);
  const base::DescriptorShares shares = share_descriptors(config_.connections);
  sessions_.set_limit(shares.links);
  control_->set_most(shares.control);
  disk::open_files().set_most(shares.files);
  if (peer_ != nullptr) {
    peer_->set_fetches(shares.fetches);
    return peer_->apply(config_);
  }
  tracker_->set_peer_timeout(config_.peer_timeout);
  sessions_.set_silence_limit(config_.peer_timeout);
  if (!config_.beacon)
    beacon_.reset();
  else if (!beacon_)
    beacon_.emplace(loop_, sessions_);
}

void App::put_in_force(Reloaded& reloaded) {
  config_ = std::move(reloaded.config);
  if (!reloaded.secrets.empty()) sessions_.set_secrets(std::move(reloaded.secrets));
  net::Self self = self_of(config_);
  self.listening = sessions_.self().listening;
  self.instance = sessions_.self().instance;
  sessions_.present(std::move(self), sessions_.interfaces());
  apply();
}

void App::look_around() {
  base::log::tell_counted();
  std::optional<std::vector<io::Endpoint>> now = io::interface_addresses(0);
  if (!now || *now == sessions_.interfaces()) return;
  if (const auto hosts = texts(*now); hosts != texts(sessions_.interfaces()))
    base::log::info("app", "this machine's addresses are now [{}]", fmt::join(hosts, ", "));
  sessions_.present(sessions_.self(), std::move(*now));
  if (peer_ != nullptr) peer_->on_network();
}

void App::reload(Reloader::Done done) {
  service_manager_.reloading();
  reloader_.reload([this, done = std::move(done)](const disk::Result<base::ConfigChanges>& result) {
    service_manager_.ready();
    done(result);
  });
}

// Makes fetched chunks durable, says goodbye and closes the database, all within a time limit: what
// is lost then is fetched again.
void App::stop() {
  if (patience_.active()) return;
  base::log::answer(base::log::Level::info, "app", "stopping");
  service_manager_.stopping();
  reloader_.stop();
  address_watch_.stop();
  look_around_.stop();
  patience_.once(longest_stop);
  listeners_.clear();
  beacon_.reset();
  if (peer_ != nullptr)
    peer_->stop([this] { say_goodbye(); });
  else
    say_goodbye();
}

void App::say_goodbye() {
  sessions_.close_all("shutting down");
  state_.close([this] { end(); });
}

void App::end() {
  patience_.stop();
  sessions_.close_all("shutting down");
  control_->close();
  http_.reset();
  loop_.stop();
}

} // namespace p2pd::app
