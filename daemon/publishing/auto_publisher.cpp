#include "daemon/publishing/auto_publisher.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/names.hpp"
#include "daemon/store/scan.hpp"

#include <algorithm>
#include <fcntl.h>

namespace p2pd::publishing {

namespace {

constexpr io::Clock::duration look_period = std::chrono::seconds(2);
constexpr int share_of_time = 50;
constexpr unsigned most_doublings = 8; // of the interval between retries
// If its writers are unknown, a file counts as complete when it was unchanged for so long.
constexpr io::Clock::duration long_enough = std::chrono::seconds(10);

} // namespace

AutoPublisher::AutoPublisher(AutoPublisherDeps deps)
    : deps_(std::move(deps)), timer_(deps_.loop, io::bind<&AutoPublisher::look>(this)) {
  look();
}

void AutoPublisher::stop() {
  stop_.request_stop();
  job_.drop();
  timer_.stop();
  alive_.end();
}

void AutoPublisher::look() {
  began_ = io::Clock::now();
  Fingerprints settling;
  for (const auto& [path, known] : known_)
    if (!known.handled) settling.emplace(path, known.fingerprint);
  job_ = io::run(
      deps_.loop,
      [places = deps_.places, settling = std::move(settling), stop = stop_.get_token()] {
        return look_around(places, settling, stop);
      },
      [this](const Look& look) { on_looked(look); });
}

// Pool thread.
AutoPublisher::Look AutoPublisher::look_around(const AutoPublishPlaces& places,
                                               const Fingerprints& settling,
                                               const std::stop_token& stop) {
  Look look;
  for (const std::string& folder : places.folders) {
    const auto opened = places.shared->open_file(folder, O_RDONLY | O_DIRECTORY);
    const auto names = opened ? disk::names_in(opened->fd.get(), folder)
                              : disk::Result<std::vector<std::string>>(opened.fault());
    if (!names && names.fault().passes()) look.unseen.emplace_back(folder, names.fault());
    if (!names) continue; // perhaps not mounted
    for (const std::string& name : *names) {
      if (stop.stop_requested() || name.starts_with('.') || store::excludes(places.exclude, name))
        continue;
      const std::string path = folder + '/' + name;
      look.found.emplace(path, look_at(places, path, settling, stop));
    }
  }
  return look;
}

// Writers are determined only for what has settled.
disk::Result<AutoPublisher::Looked> AutoPublisher::look_at(const AutoPublishPlaces& places,
                                                           const std::string& path,
                                                           const Fingerprints& settling,
                                                           const std::stop_token& stop) {
  const auto opened = places.shared->open_file(path, O_RDONLY);
  if (!opened) return opened.fault();
  auto scanned = store::scan(*opened, path, {.exclude = places.exclude}, nullptr, stop);
  if (!scanned) return scanned.fault();
  Looked looked{std::move(scanned->identities)};
  const auto before = settling.find(path);
  if (before != settling.end() && before->second == looked.fingerprint)
    looked.writers = store::writers_of(*opened, *scanned->manifest);
  return looked;
}

void AutoPublisher::on_looked(const Look& look) {
  const auto is_below_unseen = [&](const std::string& path) {
    return std::ranges::any_of(
        look.unseen, [&](const auto& each) { return path.starts_with(each.first + '/'); });
  };
  const auto before = std::exchange(unseen_, {});
  const auto note = [&](const std::string& path, const std::string& cause) {
    unseen_[path] = cause;
    const auto told = before.find(path);
    if (told == before.end() || told->second != cause)
      base::log::warn("auto_publish", "{}; it will be retried", cause);
  };
  for (const auto& [folder, fault] : look.unseen) note(folder, fault.message);
  for (const auto& [path, looked] : look.found) {
    if (looked)
      consider(path, *looked);
    else if (looked.fault().passes())
      note(path, looked.fault().message);
    else if (known_.emplace(path, Known{{}, true}).second)
      base::log::warn("auto_publish", "{}", looked.fault().message);
  }
  std::erase_if(known_, [&](const auto& known) {
    if (look.found.contains(known.first) || is_below_unseen(known.first)) return false;
    if (const library::Item* const item = deps_.library.at(known.first)) deps_.doubt(item->id);
    return true;
  });
  const auto took = io::Clock::now() - began_;
  timer_.once(io::ceil_milliseconds(std::max(look_period, took * share_of_time)));
}

void AutoPublisher::consider(const std::string& path, const Looked& looked) {
  const auto [found, is_new] = known_.try_emplace(path, Known{looked.fingerprint, false, began_});
  Known& known = found->second;
  if (is_new || known.fingerprint != looked.fingerprint) {
    known = {looked.fingerprint, false, began_};
    return; // it may still be written to
  }
  if (known.handled || began_ < known.again) return;
  if (looked.writers == store::Writers::some) {
    if (!std::exchange(known.told, true))
      base::log::info("auto_publish",
                      "{} is open for writing; it will be published when it is closed", path);
    return;
  }
  if (looked.writers == store::Writers::unknown && began_ - known.since < long_enough) return;
  known.handled = true;
  publish(path);
}

void AutoPublisher::publish(const std::string& path) {
  const library::Item* const item = deps_.library.at(path);
  const auto claimed = [](const auto& name) { return name.second; };
  if (item != nullptr && std::ranges::none_of(item->names, claimed)) return; // it was fetched
  PublishOptions options;
  options.path = path;
  options.rules.exclude = deps_.places.exclude;
  PublishFollower follower;
  follower.progress = [](std::uint64_t, std::uint64_t) {};
  follower.done = alive_.guard([path](AutoPublisher& self, const Published&) {
    if (const auto known = self.known_.find(path); known != self.known_.end())
      known->second.cause.clear();
  });
  follower.refused = [path](const Failure& failure) {
    base::log::debug("auto_publish", "{} is ignored: {}", path, failure.message);
  };
  follower.passing = alive_.guard(
      [path](AutoPublisher& self, const disk::Fault& fault) { self.on_passing(path, fault); });
  deps_.publisher.publish(std::move(options), std::move(follower));
}

void AutoPublisher::on_passing(const std::string& path, const disk::Fault& fault) {
  const auto known = known_.find(path);
  if (known == known_.end()) return;
  known->second.handled = false;
  known->second.again =
      io::Clock::now() + look_period * (1U << std::min(known->second.tries++, most_doublings));
  if (std::exchange(known->second.cause, fault.message) != fault.message)
    base::log::warn("auto_publish", "{}; it will be retried", fault.message);
}

std::vector<library::Trouble> AutoPublisher::troubles() const {
  std::vector<library::Trouble> troubles;
  for (const auto& [path, cause] : unseen_) troubles.push_back({path, cause});
  for (const auto& [path, known] : known_)
    if (!known.cause.empty()) troubles.push_back({path, known.cause});
  return troubles;
}

} // namespace p2pd::publishing
