#include "daemon/peer/auto_publisher.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/names.hpp"
#include "daemon/disk/scan.hpp"

#include <algorithm>
#include <fcntl.h>

namespace p2pd::peer {

namespace {

constexpr io::Clock::duration look_period = std::chrono::seconds(2);
constexpr int share_of_time = 50;
// What nobody can tell us the writers of is complete when it was left alone for so long.
constexpr io::Clock::duration long_enough = std::chrono::seconds(10);

} // namespace

AutoPublisher::AutoPublisher(AutoPublisherHouse house)
    : house_(std::move(house)), timer_(house_.loop, io::bind<&AutoPublisher::look>(this)) {
  look();
}

void AutoPublisher::stop() {
  stop_.request_stop();
  job_.drop();
  timer_.stop();
}

void AutoPublisher::look() {
  began_ = io::Clock::now();
  Prints settling;
  for (const auto& [path, known] : known_)
    if (!known.handled) settling.emplace(path, known.print);
  job_ = io::run(
      house_.loop,
      [places = house_.places, settling = std::move(settling), stop = stop_.get_token()] {
        return look_around(places, settling, stop);
      },
      [this](const Look& look) { on_looked(look); });
}

// Pool thread.
AutoPublisher::Look AutoPublisher::look_around(const AutoPublishPlaces& places,
                                               const Prints& settling,
                                               const std::stop_token& stop) {
  Look look;
  for (const std::string& folder : places.folders) {
    const auto opened = places.shared->open_file(folder, O_RDONLY | O_DIRECTORY);
    if (!opened) continue; // not mounted, perhaps
    const auto names = disk::names_in(opened->fd.get(), folder);
    if (!names) continue;
    for (const std::string& name : *names) {
      if (stop.stop_requested() || name.starts_with('.') || disk::excludes(places.exclude, name))
        continue;
      const std::string path = folder + '/' + name;
      look.emplace(path, look_at(places, path, settling, stop));
    }
  }
  return look;
}

// Who writes is asked only of what has settled.
disk::Result<AutoPublisher::Looked> AutoPublisher::look_at(const AutoPublishPlaces& places,
                                                           const std::string& path,
                                                           const Prints& settling,
                                                           const std::stop_token& stop) {
  const auto opened = places.shared->open_file(path, O_RDONLY);
  if (!opened) return opened.fault();
  auto scanned = disk::scan(*opened, path, {.exclude = places.exclude}, nullptr, stop);
  if (!scanned) return scanned.fault();
  Looked looked{std::move(scanned->identities)};
  const auto before = settling.find(path);
  if (before != settling.end() && before->second == looked.print)
    looked.writers = disk::writers_of(*opened, *scanned->manifest);
  return looked;
}

void AutoPublisher::on_looked(const Look& look) {
  for (const auto& [path, looked] : look) {
    if (looked)
      consider(path, *looked);
    else if (known_.emplace(path, Known{{}, true}).second)
      base::log::warn("auto_publish", "{}", looked.fault().message);
  }
  std::erase_if(known_, [&](const auto& known) {
    if (look.contains(known.first)) return false;
    if (const Item* const item = house_.library.at(known.first)) house_.doubt(item->id);
    return true;
  });
  const auto took = io::Clock::now() - began_;
  timer_.once(io::ceil_milliseconds(std::max(look_period, took * share_of_time)));
}

void AutoPublisher::consider(const std::string& path, const Looked& looked) {
  const auto [found, is_new] = known_.try_emplace(path, Known{looked.print, false, began_});
  Known& known = found->second;
  if (is_new || known.print != looked.print) {
    known = {looked.print, false, began_};
    return; // it may still be written to
  }
  if (known.handled) return;
  if (looked.writers == disk::Writers::some) {
    if (!std::exchange(known.told, true))
      base::log::info("auto_publish", "{} is open for writing; it is published when it is closed",
                      path);
    return;
  }
  if (looked.writers == disk::Writers::unknown && began_ - known.since < long_enough) return;
  known.handled = true;
  publish(path);
}

void AutoPublisher::publish(const std::string& path) {
  const Item* const item = house_.library.at(path);
  const auto claimed = [](const auto& name) { return name.second; };
  if (item != nullptr && std::ranges::none_of(item->names, claimed)) return; // it was fetched
  PublishOptions options;
  options.path = path;
  options.rules.exclude = house_.places.exclude;
  house_.publisher.publish(std::move(options), {.progress = [](std::uint64_t, std::uint64_t) {},
                                                .done = [](const Published&) {},
                                                .refused =
                                                    [path](const Failure& failure) {
                                                      base::log::debug("auto_publish",
                                                                       "{} is left alone: {}", path,
                                                                       failure.message);
                                                    }});
}

} // namespace p2pd::peer
