#include "daemon/peer/peer.hpp"

#include "daemon/base/groups.hpp"

namespace p2pd::peer {

namespace {

// What nobody may publish or overwrite, whatever the folders are.
std::vector<std::string> own_files(const base::Config& config) {
  std::vector<std::string> own{config.state_dir.string(), config.secret_file.string(),
                               config.control_socket.string()};
  for (const auto& file : {config.file, config.previous_secret_file})
    if (!file.empty()) own.push_back(file.string());
  return own;
}

// A user's home is a root by default; hidden folders in it are only allowed if they are named.
disk::Root root_of(const base::Config& config, const char* key, const std::filesystem::path& path) {
  return {path.string(), config.given.contains(key)};
}

std::shared_ptr<disk::Folders> shared_folders(const base::Config& config) {
  std::vector<disk::Root> roots;
  for (const auto& path : config.share) roots.push_back(root_of(config, "peer.share", path));
  return std::make_shared<disk::Folders>(disk::Folders::Purpose::publish, std::move(roots),
                                         own_files(config));
}

std::shared_ptr<disk::Folders> destination_folders(const base::Config& config) {
  std::vector<disk::Root> roots{{config.download_dir.string(), true}};
  for (const auto& path : config.writable) roots.push_back(root_of(config, "peer.writable", path));
  auto folders = std::make_shared<disk::Folders>(disk::Folders::Purpose::fetch, std::move(roots),
                                                 own_files(config));
  folders->set_group(base::id_of_group(config.download_group));
  return folders;
}

} // namespace

Peer::Peer(io::Loop& loop, const base::Config& config, net::SessionSet& sessions,
           state::StateDb& state, disk::BufferPool& buffers)
    : loop_(loop)
    , state_(state)
    , shared_(shared_folders(config))
    , destinations_(destination_folders(config))
    , rate_limits_(loop, limits_)
    , slots_(loop, buffers)
    , openings_(loop, state, library_, folders_, buffers.limit() / 2)
    , bans_(sessions, state)
    , inventory_(sessions, library_, folders_.shared)
    , names_(state)
    , trackers_({loop, sessions, library_, inventory_, bans_, notices_, names_,
                 io::bind<&Peer::on_dial_back>(this)},
                io::bind<&Peer::on_tracker>(this))
    , membership_(loop, sessions, state, trackers_, bans_)
    , discovery_(loop, sessions, trackers_)
    , links_({loop, sessions, buffers, library_, inventory_, openings_, limits_, slots_}, *this)
    , acquaintances_(state, names_)
    , lookup_({sessions, state, library_, trackers_, names_, acquaintances_})
    , publisher_({loop, state, buffers, library_, openings_, trackers_, folders_.shared,
                  io::bind<&Peer::on_displaced>(this)})
    , hooks_(loop)
    , remover_(loop, state, folders_.destinations)
    , fetch_slots_(loop)
    , transfers_({loop, state, buffers, library_, trackers_, links_, acquaintances_, lookup_,
                  limits_, tally_, hooks_, remover_, fetch_slots_, folders_.destinations,
                  io::bind<&Peer::on_displaced>(this)},
                 openings_, config.download_dir.string())
    , auto_fetcher_({loop, library_, trackers_, notices_, transfers_, limits_})
    , restorer_({loop, state, library_, trackers_, folders_})
    , source_watch_({loop, state, library_, restorer_, folders_,
                     [this](const ContentId& content) { doubt(content); }})
    , verifier_({loop, state, buffers, library_, openings_, transfers_, tally_,
                 [this](const ContentId& content) { doubt(content); }}) {}

void Peer::start(const state::State& state) {
  bans_.restore(state.bans);
  membership_.restore(state.trackers);
  acquaintances_.restore(state.peers);
  names_.restore(state.names);
  remover_.restore(state.removals);
  transfers_.restore(state);
  restorer_.restore(state.library);
  source_watch_.start();
}

void Peer::apply(const base::Config& config) {
  shared_->forbid(own_files(config));
  destinations_->forbid(own_files(config));
  membership_.configure(config.trackers, config.secret_file);
  if (config.beacon)
    discovery_.listen();
  else
    discovery_.stop();
  rate_limits_.apply(config);
  limits_.lan_exempt = config.lan_exempt;
  limits_.page_cache = config.page_cache;
  limits_.fetch_max_size = config.fetch_max_size;
  slots_.set_slots(config.upload_slots);
  hooks_.apply(config);
  auto_fetcher_.follow(config.auto_fetch);
  verifier_.scrub_within(config.scrub);
  publish_by_itself(config);
}

void Peer::publish_by_itself(const base::Config& config) {
  if (!config.auto_publish) return auto_publisher_.reset();
  publishing::AutoPublishPlaces places{
      folders_.shared, {config.share.begin(), config.share.end()}, config.auto_publish_exclude};
  if (auto_publisher_ && auto_publisher_->places() == places) return;
  auto_publisher_.emplace(publishing::AutoPublisherDeps{
      loop_, library_, publisher_, std::move(places), [this](const ContentId& id) { doubt(id); }});
}

void Peer::on_network() {
  trackers_.retry();
  links_.redial();
}

void Peer::stop(std::function<void()> done) {
  discovery_.stop();
  if (auto_publisher_) auto_publisher_->stop();
  publisher_.stop();
  verifier_.stop();
  source_watch_.stop();
  restorer_.stop();
  remover_.stop();
  openings_.stop();
  membership_.stop();
  trackers_.stop();
  links_.stop();
  hooks_.stop();
  auto_fetcher_.stop();
  transfers_.stop(std::move(done));
}

void Peer::on_ready(net::Session& session) {
  if (session.hello().role != proto::Role::peer)
    return session.close(proto::Reason::refused, "trackers do not dial peers");
  links_.adopt(session);
}

void Peer::with_own(const std::string& word, const std::function<void(library::Item&)>& use,
                    const Refused& refused) {
  lookup_.find_own(word,
                   {proto::ExitCode::not_found, "this node does not offer " + lookup::quoted(word),
                    "p2pctl files lists what there is"},
                   [this, use, refused](const lookup::Meaning& meaning) {
                     library::Item* const item = meaning.entry
                                                     ? library_.find(meaning.entry->content)
                                                     : nullptr; // null: withdrawn meanwhile
                     if (item == nullptr) return refused(meaning.failure);
                     use(*item);
                   });
}

void Peer::unpublish(const std::string& word, const Withdrawn& done, const Refused& refused) {
  with_own(
      word,
      [this, word, done, refused](const library::Item& item) {
        withdraw(item, word, done, refused);
      },
      refused);
}

void Peer::withdraw(const library::Item& item, const std::string& word, const Withdrawn& done,
                    const Refused& refused) {
  if (transfers_.runs(item.id))
    return refused({proto::ExitCode::failed, lookup::quoted(word) + " is still being fetched",
                    "wait until it is whole"});
  const library::Item withdrawn = item;
  library_.remove(withdrawn.id);
  state_.change(
      state::StateDb::Durable::yes,
      [id = withdrawn.id](state::StateStore& store) { store.remove_library(id); },
      [withdrawn, done, refused](const disk::Outcome& outcome) {
        if (outcome) return done(withdrawn);
        refused({proto::ExitCode::failed, outcome.fault().message, ""});
      });
}

void Peer::verify(const std::string& word, const publishing::VerifyFollower& follower) {
  with_own(
      word, [this, follower](library::Item& item) { verifier_.verify(item, follower); },
      follower.refused);
}

// Its bytes may exist at another path as well; then they are offered from there.
void Peer::on_displaced(const std::filesystem::path& path, const ContentId& by) {
  for (const ContentId& old : library_.others_at(path, by)) {
    if (library_.find(old)->fetching) continue;
    library_.remove(old);
    restorer_.restore(old);
  }
}

void Peer::doubt(const ContentId& content) {
  const library::Item* const item = library_.find(content);
  if (item == nullptr || item->fetching) return;
  std::vector<state::LibraryRecord> records = library::records_of(*item);
  library_.remove(content);
  restorer_.restore(std::move(records));
}

std::vector<library::Trouble> Peer::troubles() const {
  std::vector<library::Trouble> troubles = restorer_.troubles();
  for (const std::vector<library::Trouble>& more :
       {verifier_.troubles(), remover_.troubles(),
        auto_publisher_ ? auto_publisher_->troubles() : std::vector<library::Trouble>()})
    troubles.insert(troubles.end(), more.begin(), more.end());
  return troubles;
}

void Peer::known_paths(const std::function<void(std::vector<std::string>)>& done) {
  std::vector<std::string> paths;
  transfers_.each([&](const transfer::TransferRow& row) {
    if (!row.over() && (row.again || row.done_bytes > 0)) paths.push_back(row.path);
  });
  state_.ask([](state::StateStore& store) { return store.library(); },
             [paths, done](const disk::Result<std::vector<state::LibraryRecord>>& records) {
               std::vector<std::string> all = paths;
               if (records)
                 for (const state::LibraryRecord& record : *records) all.push_back(record.path);
               done(std::move(all));
             });
}

} // namespace p2pd::peer
