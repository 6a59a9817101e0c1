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

bool is_of_interest(std::string_view name) {
  return !name.starts_with('.') && !name.ends_with(".part");
}

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
  job_ = io::run(
      house_.loop,
      [shared = house_.shared, folders = house_.folders, stop = stop_.get_token()] {
        return look_around(*shared, folders, stop);
      },
      [this](const Look& look) { on_looked(look); });
}

// Pool thread.
AutoPublisher::Look AutoPublisher::look_around(const disk::Folders& shared,
                                               const std::vector<std::string>& folders,
                                               const std::stop_token& stop) {
  Look look;
  for (const std::string& folder : folders) {
    const auto opened = shared.open_file(folder, O_RDONLY | O_DIRECTORY);
    if (!opened) continue; // not mounted, perhaps
    const auto names = disk::names_in(opened->fd.get(), folder);
    if (!names) continue;
    for (const std::string& name : *names) {
      if (stop.stop_requested() || !is_of_interest(name)) continue;
      const std::string path = folder + '/' + name;
      const auto entry = shared.open_file(path, O_RDONLY);
      if (!entry) {
        look.emplace(path, entry.fault());
        continue;
      }
      auto scanned = disk::scan(*entry, path, stop);
      look.emplace(path, scanned ? disk::Result<Print>(std::move(scanned->identities))
                                 : disk::Result<Print>(scanned.fault()));
    }
  }
  return look;
}

void AutoPublisher::on_looked(const Look& look) {
  for (const auto& [path, print] : look) {
    if (print)
      consider(path, *print);
    else if (known_.emplace(path, Known{{}, true}).second)
      base::log::warn("auto_publish", "{}", print.fault().message);
  }
  std::erase_if(known_, [&](const auto& known) {
    if (look.contains(known.first)) return false;
    if (const Item* const item = house_.library.at(known.first)) house_.doubt(item->id);
    return true;
  });
  const auto took = io::Clock::now() - began_;
  timer_.once(io::ceil_milliseconds(std::max(look_period, took * share_of_time)));
}

void AutoPublisher::consider(const std::string& path, const Print& print) {
  const auto [found, is_new] = known_.try_emplace(path, Known{print, false});
  Known& known = found->second;
  if (is_new || known.print != print) {
    known = {print, false};
    return; // it may still be written to
  }
  if (known.handled) return;
  known.handled = true;
  publish(path);
}

void AutoPublisher::publish(const std::string& path) {
  const Item* const item = house_.library.at(path);
  const auto claimed = [](const auto& name) { return name.second; };
  if (item != nullptr && std::ranges::none_of(item->names, claimed)) return; // it was fetched
  house_.publisher.publish({.path = path, .name = "", .chunk_size = 0},
                           {.progress = [](std::uint64_t, std::uint64_t) {},
                            .done = [](const Published&) {},
                            .refused =
                                [path](const Failure& failure) {
                                  base::log::debug("auto_publish", "{} is left alone: {}", path,
                                                   failure.message);
                                }});
}

} // namespace p2pd::peer
