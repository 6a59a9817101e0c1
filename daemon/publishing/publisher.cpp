#include "daemon/publishing/publisher.hpp"

#include "daemon/publishing/publication.hpp"

#include <algorithm>

namespace p2pd::publishing {

Publisher::Publisher(const PublisherDeps& deps) : deps_(deps), graveyard_(deps.loop) {}

Publisher::~Publisher() = default;

void Publisher::publish(PublishOptions options, PublishFollower follower) {
  // "/srv/images/" is the folder "images".
  while (options.path.size() > 1 && options.path.ends_with('/')) options.path.pop_back();
  if (options.name.empty()) options.name = std::filesystem::path(options.path).filename();
  running_.push_back(std::make_unique<Publication>(*this, std::move(options), std::move(follower)));
  running_.back()->start();
}

void Publisher::stop() {
  running_.clear();
}

void Publisher::ended(Publication& publication) {
  graveyard_.take(running_, publication);
}

} // namespace p2pd::publishing
