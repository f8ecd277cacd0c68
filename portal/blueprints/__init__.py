"""Every address of the portal, by noun."""

from flask import Blueprint

from portal.blueprints.accounts.routes import bp as accounts
from portal.blueprints.acts.routes import bp as acts
from portal.blueprints.answers.amend import bp as answer_amend
from portal.blueprints.answers.desk import bp as answer_desk
from portal.blueprints.answers.follow import bp as answer_follow
from portal.blueprints.answers.routes import bp as answers
from portal.blueprints.comfort.routes import bp as comfort
from portal.blueprints.components.routes import bp as components
from portal.blueprints.construction.routes import bp as construction
from portal.blueprints.contracts.perimeter import bp as perimeter
from portal.blueprints.contracts.routes import bp as contracts
from portal.blueprints.contributions.routes import bp as contributions
from portal.blueprints.deed.routes import bp as deed
from portal.blueprints.diagnostic.axes import bp as axes
from portal.blueprints.diagnostic.findings import bp as findings
from portal.blueprints.diagnostic.routes import bp as diagnostic
from portal.blueprints.documents.routes import bp as documents
from portal.blueprints.documents.writing import bp as document_writing
from portal.blueprints.duties.extensions import bp as duty_extensions
from portal.blueprints.duties.routes import bp as duties
from portal.blueprints.duties.week import bp as week
from portal.blueprints.figures.balance import bp as balance
from portal.blueprints.health.routes import bp as health
from portal.blueprints.home.routes import bp as home
from portal.blueprints.imports.files import bp as files
from portal.blueprints.imports.routes import bp as imports
from portal.blueprints.indicators.choice import bp as indicator_choice
from portal.blueprints.indicators.grid import bp as indicator_grid
from portal.blueprints.indicators.references import bp as indicator_references
from portal.blueprints.indicators.routes import bp as indicators
from portal.blueprints.involvement.proposals import bp as level_proposals
from portal.blueprints.involvement.routes import bp as involvement
from portal.blueprints.language.routes import bp as language
from portal.blueprints.lifecycle.ends import bp as life_ends
from portal.blueprints.lifecycle.follow import bp as life_follow_up
from portal.blueprints.lifecycle.routes import bp as life
from portal.blueprints.means.decisions import bp as means_decisions
from portal.blueprints.means.lines import bp as means_lines
from portal.blueprints.means.routes import bp as means
from portal.blueprints.moderation.alerts import bp as alerts
from portal.blueprints.moderation.appeals import bp as appeals
from portal.blueprints.moderation.routes import bp as moderation
from portal.blueprints.negotiation.points import bp as negotiation_points
from portal.blueprints.negotiation.routes import bp as negotiation
from portal.blueprints.notifications.routes import bp as notifications
from portal.blueprints.notifications.stop import bp as mail_stop
from portal.blueprints.objectives.actions import bp as objective_actions
from portal.blueprints.objectives.routes import bp as objectives
from portal.blueprints.objectives.sheets import bp as objective_sheets
from portal.blueprints.objectives.tree import bp as objective_tree
from portal.blueprints.organisations.routes import bp as directory
from portal.blueprints.plain.routes import bp as plain
from portal.blueprints.portfolio.routes import bp as portfolio
from portal.blueprints.predecessors.routes import bp as predecessors
from portal.blueprints.register.routes import bp as register
from portal.blueprints.search.routes import bp as search
from portal.blueprints.spaces.assistant import bp as space_assistant
from portal.blueprints.spaces.phases import bp as space_phases
from portal.blueprints.spaces.routes import bp as spaces
from portal.blueprints.spaces.settings import bp as space_settings
from portal.blueprints.surveys.prepare import bp as survey_prepare
from portal.blueprints.surveys.routes import bp as surveys
from portal.blueprints.syntheses.desk import bp as synthesis_desk
from portal.blueprints.syntheses.routes import bp as syntheses
from portal.blueprints.texts.routes import bp as texts
from portal.blueprints.trame_parts.routes import bp as trame_parts
from portal.blueprints.trames.library import bp as trames
from portal.blueprints.trames.routes import bp as trame
from portal.blueprints.versions.routes import bp as versions

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    components,
    comfort,
    health,
    language,
    accounts,
    contracts,
    perimeter,
    directory,
    indicators,
    indicator_choice,
    indicator_grid,
    indicator_references,
    life,
    life_follow_up,
    life_ends,
    negotiation,
    negotiation_points,
    diagnostic,
    findings,
    axes,
    objectives,
    objective_sheets,
    objective_actions,
    objective_tree,
    means,
    means_lines,
    means_decisions,
    trame,
    trames,
    trame_parts,
    plain,
    documents,
    document_writing,
    imports,
    files,
    acts,
    balance,
    spaces,
    contributions,
    moderation,
    appeals,
    alerts,
    answers,
    answer_desk,
    answer_amend,
    answer_follow,
    involvement,
    level_proposals,
    duties,
    duty_extensions,
    week,
    texts,
    notifications,
    portfolio,
    predecessors,
    register,
    surveys,
    survey_prepare,
    syntheses,
    synthesis_desk,
    construction,
    deed,
    mail_stop,
    space_assistant,
    space_settings,
    space_phases,
    versions,
    search,
)
