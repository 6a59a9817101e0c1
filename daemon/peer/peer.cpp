#include "daemon/peer/peer.hpp"

#include "daemon/base/log.hpp"

namespace p2pd::peer {

namespace {

// What nobody may publish nor write over, whatever the folders say.
std::vector<std::string> own_files(const base::Config& config) {
  std::vector<std::string> own{config.state_dir.string(), config.secret_file.string()};
  for (const auto& file : {config.file, config.previous_secret_file})
    if (!file.empty()) own.push_back(file.string());
  return own;
}

// A person's home is a root by default; its hidden folders are meant only when they are named.
disk::Root root_of(const base::Config& config, const char* key, const std::filesystem::path& path) {
  return {path.string(), config.given.contains(key)};
}

std::shared_ptr<const disk::Folders> shared_folders(const base::Config& config) {
  std::vector<disk::Root> roots;
  for (const auto& path : config.share) roots.push_back(root_of(config, "peer.share", path));
  return std::make_shared<disk::Folders>(disk::Folders::Purpose::publish, std::move(roots),
                                         own_files(config));
}

std::shared_ptr<const disk::Folders> destination_folders(const base::Config& config) {
  std::vector<disk::Root> roots{{config.download_dir.string(), true}};
  for (const auto& path : config.writable) roots.push_back(root_of(config, "peer.writable", path));
  return std::make_shared<disk::Folders>(disk::Folders::Purpose::fetch, std::move(roots),
                                         own_files(config));
}

} // namespace

Peer::Peer(io::Loop& loop, const base::Config& config, net::SessionSet& sessions,
           disk::BufferPool& buffers)
    : trackers_(loop, sessions, library_, config.trackers)
    , links_(loop, sessions, library_, buffers, *this)
    , publisher_(loop, buffers, library_, trackers_, shared_folders(config))
    , transfers_({loop, buffers, library_, trackers_, links_, destination_folders(config)},
                 config.download_dir.string())
    , sessions_(sessions) {
  std::error_code failure;
  std::filesystem::create_directories(config.download_dir, failure);
  if (failure)
    base::log::warn("peer", "download_dir {} cannot be made: {}", config.download_dir.string(),
                    failure.message());
}

void Peer::start() {
  if (sessions_.member()) trackers_.start();
}

void Peer::stop() {
  publisher_.stop();
  transfers_.stop();
  trackers_.stop();
  links_.stop();
}

void Peer::on_ready(net::Session& session) {
  if (session.hello().role != proto::Role::peer)
    return session.close(proto::Reason::refused, "trackers do not dial peers");
  links_.adopt(session);
}

std::optional<Failure> Peer::unpublish(std::string_view word, Item& withdrawn) {
  auto found = library_.find(word);
  if (const auto split = split_name(word); found.empty() && split)
    found = library_.find(split->name);
  if (found.empty())
    return Failure{proto::ExitCode::not_found,
                   "this node does not offer \"" + proto::printable(word) + '"',
                   "p2pctl files lists what there is"};
  if (found.size() > 1)
    return Failure{proto::ExitCode::failed,
                   "\"" + proto::printable(word) + "\" is several contents here",
                   "name one by its id"};
  if (transfers_.runs(found.front()->id))
    return Failure{proto::ExitCode::failed,
                   "\"" + proto::printable(word) + "\" is still being fetched",
                   "wait until it is whole"};
  withdrawn = *found.front();
  library_.remove(withdrawn.id);
  return std::nullopt;
}

} // namespace p2pd::peer
