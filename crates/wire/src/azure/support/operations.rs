//! The list of operations that the provider publishes.

use serde_json::{Value, json};

const OPERATIONS: &[(&str, &str, &str)] = &[
    ("services/read", "Services", "Lists what can be asked about"),
    ("services/problemClassifications/read", "Problem classifications", "Lists kinds of problems"),
    ("supportTickets/read", "Support tickets", "Looks at support tickets"),
    ("supportTickets/write", "Support tickets", "Opens and changes support tickets"),
    ("supportTickets/communications/read", "Communications", "Looks at what was said"),
    ("supportTickets/communications/write", "Communications", "Says something about a ticket"),
    ("supportTickets/chatTranscripts/read", "Chat transcripts", "Looks at chats about a ticket"),
    ("fileWorkspaces/read", "File workspaces", "Looks at workspaces of files"),
    ("fileWorkspaces/write", "File workspaces", "Makes workspaces of files"),
    ("fileWorkspaces/files/read", "Files", "Looks at files"),
    ("fileWorkspaces/files/write", "Files", "Sends files"),
    ("checkNameAvailability/action", "Names", "Asks whether a name is free"),
];

/// All operations.
pub fn list() -> Value {
    let show = |(name, resource, description): &(&str, &str, &str)| {
        json!({
            "name": format!("Microsoft.Support/{name}"),
            "display": {
                "provider": "Microsoft Support",
                "resource": resource,
                "operation": description,
                "description": description,
            },
        })
    };
    json!({ "value": OPERATIONS.iter().map(show).collect::<Vec<_>>() })
}
