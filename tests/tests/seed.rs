//! The source document, sentence by sentence, and the tests that prove each. The table holds a few words of each
//! sentence; a sentence without a test is listed as not proved yet, and that list may only become shorter.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rafay_tests::{operations, repository};

/// A sentence in a few words, and the tests that fail when it no longer holds.
struct Sentence(&'static str, &'static [&'static str]);

/// In the order of the document: settings for keys, keys, calls, partner, administration, authentication.
const SENTENCES: &[Sentence] = &[
    // API keys and RCTL configuration: settings.
    Sentence(
        "every operation of the console is an API operation, used by console and command line alike",
        &[
            "every_operation_succeeds_through_the_sdk_with_the_answer_its_document_declares",
            "the_mock_serves_exactly_the_operations_of_the_documents",
        ],
    ),
    Sentence(
        "an administrator sets a default duration",
        &[
            "an_organizations_default_is_set_read_and_cleared_by_its_administrator",
            "everybody_may_know_the_organizations_default_and_only_who_writes_keys_sets_it",
        ],
    ),
    Sentence(
        "an administrator makes users and defines their duration",
        &["a_user_is_made_with_an_own_duration_and_sees_it"],
    ),
    Sentence(
        "durations are hours, at least one",
        &[
            "settings_are_whole_hours_from_one_on",
            "a_life_of_so_many_hours_is_what_one_asks_for_within_bounds",
            "a_life_that_makes_no_sense_is_refused_by_its_place",
            "hours_that_make_no_sense_are_refused_for_everybody",
        ],
    ),
    Sentence(
        "an exception: the administrator makes the key, or changes the user's duration",
        &["an_exception_is_a_key_made_by_an_administrator_or_a_higher_setting"],
    ),
    Sentence(
        "users choose a duration for a key or a configuration file",
        &[
            "a_user_gets_at_most_the_higher_of_both_settings",
            "files_obey_the_settings_like_keys",
        ],
    ),
    Sentence(
        "which exceeds neither what the organization nor what the user is allowed",
        &[
            "a_user_gets_at_most_the_higher_of_both_settings",
            "a_user_may_ask_for_the_higher_setting_and_for_not_an_hour_more",
            "a_lower_setting_takes_nothing_from_keys_that_are_there",
        ],
    ),
    Sentence(
        "none chosen: the higher of the two",
        &["without_a_word_the_higher_setting_counts_and_the_documents_default_without_one"],
    ),
    Sentence(
        "administrators make keys for themselves and for others",
        &["a_key_made_by_an_administrator_acts_for_its_owner"],
    ),
    Sentence(
        "with a duration that overrides the others, beyond them too",
        &[
            "an_administrators_word_overrides_both_settings_in_either_direction",
            "an_administrator_who_only_reads_is_bound_like_everybody",
        ],
    ),
    Sentence(
        "the expiry of keys is to be seen",
        &["a_key_tells_its_owner_maker_end_time_left_and_state"],
    ),
    Sentence(
        "by users and administrators",
        &["an_administrator_sees_the_keys_of_all_users_by_state_and_user_and_page"],
    ),
    Sentence(
        "the key is copied when it is made, for it is not shown again",
        &["a_key_is_shown_whole_once_and_then_by_its_id_alone"],
    ),
    Sentence(
        "mails seven days and one day before the end, as appropriate",
        &[
            "the_owner_is_told_seven_days_and_one_day_before_the_end_once_each",
            "a_mail_comes_only_where_it_is_ahead_of_the_keys_making",
            "a_jump_of_the_clock_sends_only_what_is_still_true",
            "nobody_hears_of_a_key_that_was_revoked_or_went_with_its_account",
            "a_mail_arrives_with_starttls_and_with_tls_after_a_login",
        ],
    ),
    Sentence(
        "the refusal of an expired key says that it expired",
        &["only_the_owner_of_the_secret_hears_that_and_when_the_key_expired"],
    ),
    Sentence(
        "and so does that of a configuration file",
        &[
            "files_obey_the_settings_like_keys",
            "the_sdk_loads_a_file_and_calls_with_it_until_it_ends",
        ],
    ),
    Sentence(
        "keys that expired over ninety days ago are deleted",
        &["a_key_that_ended_more_than_ninety_days_ago_is_deleted_once_by_the_system_on_record"],
    ),
    // API keys.
    Sentence(
        "users manage their own keys",
        &["a_user_may_have_many_keys_in_the_order_they_were_made"],
    ),
    Sentence(
        "keys are made for each user and unlike any other",
        &[
            "a_key_has_its_form_and_hides_its_secret",
            "a_key_of_one_controller_is_nothing_to_another",
        ],
    ),
    Sentence(
        "one or many of them",
        &["a_user_may_have_many_keys_in_the_order_they_were_made"],
    ),
    Sentence(
        "made at any time",
        &[
            "a_hundred_and_twenty_days_of_keys",
            "a_hundred_and_twenty_days_of_an_organization",
        ],
    ),
    Sentence(
        "deleted at any time",
        &[
            "a_deleted_key_is_dead_from_the_next_request",
            "keys_of_others_take_the_permission_for_them",
        ],
    ),
    // Calls.
    Sentence(
        "all calls are protected by HTTPS",
        &[
            "the_sdk_calls_a_server_whose_authority_it_trusts",
            "a_server_that_speaks_https_is_not_called_without_it",
        ],
    ),
    Sentence(
        "every call is authenticated",
        &[
            "no_operation_is_open_to_a_caller_without_a_key",
            "a_bad_key_is_refused_on_every_version_with_either_header",
        ],
    ),
    Sentence(
        "and authorized by the user's role",
        &[
            "every_role_may_do_what_the_matrix_says",
            "every_operation_a_role_may_not_do_is_refused_and_changes_nothing",
            "a_role_change_counts_from_the_next_request",
            "a_hundred_and_twenty_days_of_an_organization",
        ],
    ),
    Sentence(
        "all of it on a trail",
        &["every_operation_leaves_one_record_that_says_who_what_and_how_it_went"],
    ),
    Sentence(
        "that nobody can change",
        &["the_chain_holds_and_shows_a_change"],
    ),
    Sentence(
        "and that is kept and read in one place",
        &[
            "calls_of_every_version_and_door_are_read_in_one_place",
            "the_trail_of_a_deleted_organization_stays_readable_to_the_partner",
        ],
    ),
    Sentence(
        "Swagger UI, v3 offered first",
        &["the_selector_offers_the_documents_in_order"],
    ),
    Sentence(
        "the API has versions, and v3 is to be preferred",
        &[
            "the_selector_offers_the_documents_in_order",
            "the_mock_serves_exactly_the_operations_of_the_documents",
        ],
    ),
    Sentence(
        "keys work from Swagger UI",
        &["either_header_works_on_every_version_and_both_with_the_same_key"],
    ),
    // Partner APIs.
    Sentence(
        "an organization is made",
        &["a_partner_makes_an_organization_that_works_at_once"],
    ),
    Sentence(
        "an organization signs up",
        &["anybody_signs_up_with_the_partners_token_and_waits_for_approval_where_it_is_asked_for"],
    ),
    Sentence(
        "all organizations are listed",
        &["organizations_are_listed_and_read_by_the_partner_and_each_sees_its_own"],
    ),
    Sentence(
        "one organization is told of",
        &["organizations_are_listed_and_read_by_the_partner_and_each_sees_its_own"],
    ),
    Sentence(
        "an organization is deleted",
        &["a_deleted_organization_takes_all_it_has_and_nothing_else"],
    ),
    Sentence(
        "an organization is activated",
        &["a_deactivated_organization_is_shut_out_and_told_why_until_it_is_activated"],
    ),
    Sentence(
        "an organization is deactivated",
        &["a_deactivated_organization_is_shut_out_and_told_why_until_it_is_activated"],
    ),
    Sentence(
        "an organization is approved",
        &["anybody_signs_up_with_the_partners_token_and_waits_for_approval_where_it_is_asked_for"],
    ),
    Sentence(
        "a user is added to an organization",
        &["users_are_added_to_an_organization_and_get_keys_there"],
    ),
    Sentence(
        "a key is made for a user of an organization",
        &["users_are_added_to_an_organization_and_get_keys_there"],
    ),
    Sentence(
        "the partner has many customers, who see nothing of one another",
        &[
            "nothing_of_another_organization_can_be_read_changed_or_named",
            "nobody_but_the_partner_reads_the_trail_of_another_organization",
        ],
    ),
    // Administration API.
    Sentence(
        "twenty objects of an organization are got, posted, put and deleted",
        &[
            "each_of_the_twenty_objects_is_got_posted_put_and_deleted",
            "every_v3_kind_goes_round",
            "what_one_version_makes_another_reads_lists_changes_and_deletes",
        ],
    ),
    // Authentication.
    Sentence(
        "access key id and secret prove who calls",
        &[
            "the_secret_in_a_header_of_its_own_is_checked_as_it_is_and_by_its_checksum",
            "a_request_signed_with_the_secret_or_with_the_whole_key_is_let_in",
            "a_signature_that_does_not_fit_is_refused_though_the_key_is_right",
            "a_repeated_request_is_refused_and_so_is_an_old_one",
        ],
    ),
    Sentence(
        "as user name and password do at the console",
        &[
            "a_login_sets_the_cookies_and_says_until_when",
            "the_password_says_which_of_several_accounts_of_a_name_is_meant",
            "who_signs_up_logs_in_with_the_password_while_the_organization_counts",
        ],
    ),
    Sentence(
        "machines have users with programmatic access only",
        &[
            "who_has_not_got_the_password_learns_nothing_of_the_account",
            "an_account_for_programs_has_keys_like_any_other",
        ],
    ),
    Sentence(
        "the secret is not displayed after the making",
        &[
            "a_key_is_shown_whole_once_and_then_by_its_id_alone",
            "a_secret_is_in_no_audit_record_and_in_no_debug_text",
        ],
    ),
    Sentence(
        "whoever has the key has its owner's access",
        &[
            "a_key_made_by_an_administrator_acts_for_its_owner",
            "only_the_right_secret_fits",
        ],
    ),
    Sentence(
        "no key comes with a new account",
        &["no_key_comes_with_a_new_account"],
    ),
    Sentence(
        "a lost secret: revoke and make anew",
        &[
            "a_hundred_and_twenty_days_of_keys",
            "a_deleted_key_is_dead_from_the_next_request",
        ],
    ),
];

/// Sentences that no test proves yet, at the most. Whoever proves one makes this smaller.
const NOT_PROVED: usize = 0;

/// The objects that the document lists for its administration API, each with the kind that it is here.
const OBJECTS: [(&str, &str); 20] = [
    ("Projects", "Project"),
    ("Clusters", "Cluster"),
    ("Blueprints", "Blueprint"),
    ("Addons", "Addon"),
    ("Namespaces", "Namespace"),
    ("Workloads", "Workload"),
    ("Catalogs", "Catalog"),
    ("Repositories", "Repository"),
    ("Agents", "Agent"),
    ("Users", "User"),
    ("Groups", "Group"),
    ("Triggers", "Trigger"),
    ("Pipelines", "Pipeline"),
    ("Cluster Override", "Override"),
    ("Infra Provisioner", "InfraProvisioner"),
    ("Cluster Templates", "ClusterTemplate"),
    ("Gateway", "Gateway"),
    ("Convert to Managed", "ClusterConversion"),
    ("Roles", "Role"),
    ("Backup and Restore", "BackupPolicy"),
];

/// The names of all tests of the workspace.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["mock-server", "sdk", "spec", "tests", "xtask"] {
        read(&repository().join(folder), &mut names);
    }
    names
}

fn read(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("generated") {
                read(&path, names);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            collect(&fs::read_to_string(&path).expect("a file"), names);
        }
    }
}

/// The functions right behind a `#[test]` or the like.
fn collect(code: &str, names: &mut BTreeSet<String>) {
    let mut is_test = false;
    for line in code.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((before, rest)) = line.split_once("fn ")
            && !line.starts_with("//")
        {
            if is_test && ["", "async "].contains(&before) {
                names.extend(rest.split('(').next().map(str::to_owned));
            }
            is_test = false;
        }
    }
}

#[test]
fn every_test_of_the_table_is_there() {
    let tests = tests();
    let missing: Vec<_> = SENTENCES
        .iter()
        .flat_map(|Sentence(words, proofs)| proofs.iter().map(move |proof| (words, proof)))
        .filter(|(_, proof)| !tests.contains(**proof))
        .collect();
    assert!(missing.is_empty(), "no such test: {missing:#?}");
}

#[test]
fn what_is_not_proved_becomes_less() {
    let open: Vec<_> = SENTENCES
        .iter()
        .filter(|Sentence(_, proofs)| proofs.is_empty())
        .map(|Sentence(words, _)| words)
        .collect();
    println!("not proved yet: {open:#?}");
    assert_eq!(
        open.len(),
        NOT_PROVED,
        "another number of sentences is without a test; write it down: {open:#?}"
    );
}

#[test]
fn each_of_the_twenty_objects_is_got_posted_put_and_deleted() {
    for (object, kind) in OBJECTS {
        let of_kind = operations().filter(|(_, operation)| operation.behavior.kind() == Some(kind));
        let methods: BTreeSet<&str> = of_kind
            .map(|(_, operation)| operation.method.as_str())
            .collect();
        let wanted = BTreeSet::from(["DELETE", "GET", "POST", "PUT"]);
        assert!(methods.is_superset(&wanted), "{object}: {methods:?}");
    }
}

#[test]
fn a_sentence_stands_once_and_in_few_words() {
    let mut seen = BTreeSet::new();
    for Sentence(words, _) in SENTENCES {
        assert!(seen.insert(words), "{words}");
        assert!(words.split(' ').count() <= 16, "{words}");
    }
}
